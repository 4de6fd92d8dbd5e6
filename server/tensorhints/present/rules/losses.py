"""Rules for losses: the target's shape, dtype and range for a given input."""

from __future__ import annotations

import re

from tensorhints.present.cases import Argument, Case

from .reasons import Reason, sizes

_CLASSES = frozenset(("cross_entropy", "nll_loss", "CrossEntropyLoss", "NLLLoss"))
_PROBABILITIES = frozenset(("cross_entropy", "CrossEntropyLoss"))
_BINARY = frozenset(
    (
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "BCELoss",
        "BCEWithLogitsLoss",
    )
)
_TARGET = re.compile(r"Target (-?\d+) is out of bounds")


def class_target_shape(case: Case) -> Reason | None:
    """Class indices with the wrong shape."""
    pair = _pair(case, _CLASSES)
    if pair is None:
        return None
    given, target = pair[0].shape or (), pair[1].shape or ()
    probabilities = _name(case) in _PROBABILITIES
    wanted = given[:1] + given[2:] if len(given) >= 2 else ()
    if not given or target == wanted or (probabilities and target == given):
        return None
    if len(given) == 1 and target == (1,):  # torch accepts it as []
        return None
    fields: dict[str, object] = {
        "input": sizes(given),
        "wanted": sizes(wanted),
        "target": sizes(target),
    }
    if target == (*wanted, 1):
        return Reason("explain.class-target-shape", fields, "explain.advice.squeeze")
    return Reason("explain.class-target-shape", fields)


def class_target_type(case: Case) -> Reason | None:
    """Class indices or probabilities of the wrong dtype."""
    pair = _pair(case, _CLASSES)
    if pair is None:
        return None
    given, target = pair
    is_float = target.dtype is not None and "float" in target.dtype
    if target.shape == given.shape and _name(case) in _PROBABILITIES:
        if is_float:
            return None
        return Reason("explain.probability-type", {"dtype": target.dtype}, "explain.advice.float")
    if target.dtype in ("int64", "uint8"):
        return None
    return Reason("explain.class-target-type", {"dtype": target.dtype}, "explain.advice.long")


def class_target_range(case: Case) -> Reason | None:
    """A class index that is not smaller than the number of classes."""
    pair, found = _pair(case, _CLASSES), _TARGET.search(case.message)
    if pair is None or found is None or not pair[0].shape:
        return None
    shape, number = pair[0].shape, int(found.group(1))
    classes = shape[1] if len(shape) >= 2 else shape[0]
    if 0 <= number < classes:
        return None
    return Reason(
        "explain.class-target-range", {"number": number, "classes": classes, "last": classes - 1}
    )


def binary_target_shape(case: Case) -> Reason | None:
    """A binary target whose shape differs from the input's."""
    pair = _pair(case, _BINARY)
    if pair is None or pair[0].shape == pair[1].shape:
        return None
    given, target = pair[0].shape or (), pair[1].shape or ()
    fields: dict[str, object] = {"input": sizes(given), "target": sizes(target)}
    return Reason("explain.binary-target-shape", fields)


def binary_target_type(case: Case) -> Reason | None:
    """A binary target that is not floating point."""
    pair = _pair(case, _BINARY)
    if pair is None or pair[1].dtype is None or "float" in pair[1].dtype:
        return None
    if "type" not in case.message:
        return None
    return Reason("explain.binary-target-type", {"dtype": pair[1].dtype}, "explain.advice.float")


def _name(case: Case) -> str | None:
    """Return the loss: the function, or the module that failed."""
    return case.called_module if case.failure.inside else case.function


def _pair(case: Case, names: frozenset[str]) -> tuple[Argument, Argument] | None:
    return case.pair("input", "target") if _name(case) in names else None


RULES = (
    class_target_shape,
    class_target_type,
    class_target_range,
    binary_target_shape,
    binary_target_type,
)
