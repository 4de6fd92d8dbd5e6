"""Rules for autograd, and for conversions to plain Python or NumPy values."""

from __future__ import annotations

import math

from tensorhints.present.cases import Argument, Case, Shape

from .reasons import Reason, broadcast, sizes, source


def backward_twice(case: Case) -> Reason | None:
    """A second `backward` through a freed graph."""
    if "backward through the graph a second time" not in case.message:
        return None
    return Reason("explain.backward-twice", advice="explain.advice.retain-graph")


def backward_of_many(case: Case) -> Reason | None:
    """`backward` of a tensor with several elements."""
    own = _own(case, "backward")
    if own is None or own.shape is None or math.prod(own.shape) == 1:
        return None
    if "implicitly created only for scalar" not in case.message:
        return None
    fields: dict[str, object] = {"name": source(own.text), "count": math.prod(own.shape)}
    return Reason("explain.backward-of-many", fields, "explain.advice.reduce")


def backward_without_graph(case: Case) -> Reason | None:
    """`backward` of a tensor that does not require grad."""
    own = _own(case, "backward")
    if own is None or own.tensor is None or own.tensor.requires_grad:
        return None
    if "does not require grad" not in case.message:
        return None
    return Reason("explain.backward-without-graph", {"name": source(own.text)})


def numpy_of_gradient(case: Case) -> Reason | None:
    """`numpy()` of a tensor on a GPU, or of one that requires grad."""
    own = _own(case, "numpy")
    if own is None or own.tensor is None:
        return None
    name: dict[str, object] = {"name": source(own.text)}
    if own.tensor.device != "cpu":
        fields = {**name, "device": own.tensor.device}
        return Reason("explain.numpy-device", fields, "explain.advice.cpu", name)
    if own.tensor.requires_grad and "requires grad" in case.message:
        return Reason("explain.numpy-gradient", name, "explain.advice.detach", name)
    return None


def item_of_many(case: Case) -> Reason | None:
    """`item()`, `float()` or `int()` of a tensor with several elements."""
    own = _own(case, "item") or _converted(case)
    if own is None or own.shape is None or math.prod(own.shape) == 1:
        return None
    fields: dict[str, object] = {"name": source(own.text), "count": math.prod(own.shape)}
    return Reason("explain.item-of-many", fields)


def truth_of_many(case: Case) -> Reason | None:
    """A truth value of a tensor with several elements."""
    if not case.message.startswith("Boolean value of Tensor with"):
        return None
    shape = _result_shape(case)
    if shape is None or math.prod(shape) == 1:
        return None
    fields: dict[str, object] = {"shape": sizes(shape), "count": math.prod(shape)}
    return Reason("explain.truth-of-many", fields, "explain.advice.any-all")


def leaf_changed(case: Case) -> Reason | None:
    """An in-place operation on a leaf that requires grad."""
    target = case.arguments[0] if case.arguments else None
    if target is None or target.tensor is None or not target.tensor.requires_grad:
        return None
    if "leaf Variable that requires grad" not in case.message:
        return None
    fields: dict[str, object] = {"name": source(target.text)}
    return Reason("explain.leaf-changed", fields, "explain.advice.no-grad")


def changed_before_backward(case: Case) -> Reason | None:
    """A tensor that was modified in place before `backward` needed it."""
    if "modified by an inplace operation" not in case.message:
        return None
    return Reason("explain.changed-before-backward")


def integer_gradient(case: Case) -> Reason | None:
    """`requires_grad` of an integer tensor."""
    if not case.message.startswith("only Tensors of floating point"):
        return None
    own = case.arguments[0] if case.arguments else None
    if own is None or own.dtype is None:
        return Reason("explain.integer-gradient")
    if "float" in own.dtype or "complex" in own.dtype:
        return None
    return Reason("explain.integer-gradient")


def _own(case: Case, method: str) -> Argument | None:
    """Return the object of a tensor method."""
    if case.operation.kind != "method" or case.function != method or not case.arguments:
        return None
    return case.arguments[0]


def _converted(case: Case) -> Argument | None:
    """Return the tensor in `float(x)` or `int(x)`."""
    if case.operation.kind != "call" or case.operation.name not in ("float", "int", "complex"):
        return None
    if len(case.arguments) != 1 or "converted to" not in case.message:
        return None
    return case.arguments[0]


def _result_shape(case: Case) -> Shape | None:
    """Return the shape of the condition whose truth value was needed."""
    if case.operation.kind in ("compare", "binary"):
        shapes = [argument.shape for argument in case.arguments if argument.tensor is not None]
        known = [shape for shape in shapes if shape is not None]
        return broadcast(*known) if known and len(known) == len(shapes) else None
    if case.operation.kind == "other" and len(case.arguments) == 1:
        return case.arguments[0].shape
    return None


RULES = (
    backward_twice,
    backward_of_many,
    backward_without_graph,
    numpy_of_gradient,
    item_of_many,
    truth_of_many,
    leaf_changed,
    changed_before_backward,
    integer_gradient,
)
