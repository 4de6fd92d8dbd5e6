"""The backward pass for graphs on a GPU that does not exist: torch's own engine needs its streams.

The nodes of the graph are torch's own. They are called in the order in which the engine calls them;
gradients are summed, reduced to the shape that the next node expects, and accumulated in `.grad`.
Graphs on the CPU are left to the engine.
"""

from __future__ import annotations

import itertools
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import torch
from torch.autograd import graph as torch_graph

_SECOND_BACKWARD_ERROR = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)
_UNUSED_INPUT_ERROR = (
    "One of the differentiated Tensors appears to not have been used in the graph. "
    "Set allow_unused=True if this is the desired behavior."
)
_FREED = ".tensorhints.freed"
_HOOKS = ".tensorhints.hooks"
_RETAINED = ".tensorhints.retained"

_tasks = itertools.count(1 << 40)
_current = [-1]

Gradients = List[Optional[torch.Tensor]]


def engine(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a replacement for `torch.autograd.graph._engine_run_backward`."""

    def run_backward(
        outputs: Sequence[Any],
        gradients: Sequence[Any] = (),
        keep_graph: bool = False,
        create_graph: bool = False,
        inputs: Sequence[Any] = (),
        allow_unreachable: bool = True,
        accumulate_grad: bool = True,
    ) -> Any:
        roots = [_edge(output) for output in outputs]
        order = _order([node for node, _ in roots])
        if not any(_is_on_gpu(node) for node in order):
            return original(
                outputs, gradients, keep_graph, create_graph, inputs,
                allow_unreachable=allow_unreachable, accumulate_grad=accumulate_grad,
            )  # fmt: skip
        wanted = [_edge(tensor, order) for tensor in inputs]
        traversal = _BackwardPass(order, keep_graph, wanted, accumulate_grad)
        before, _current[0] = _current[0], next(_tasks)
        try:
            with torch.set_grad_enabled(create_graph):
                traversal.run(roots, gradients)
        finally:
            _current[0] = before
        if accumulate_grad:
            return ()
        if not allow_unreachable and any(found is None for found in traversal.captured):
            raise RuntimeError(_UNUSED_INPUT_ERROR)
        return tuple(traversal.captured)

    return run_backward


def task_id(original: Callable[[], int]) -> Callable[[], int]:
    """Return a replacement for `torch._C._current_graph_task_id`, for activation checkpointing."""
    return lambda: _current[0] if _current[0] >= 0 else original()


def register_hook(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a replacement for `torch.Tensor.register_hook` that this module's engine obeys too."""

    def register(self: Any, hook: Callable[[Any], Any]) -> Any:
        with torch._C.DisableTorchFunction():
            handle = original(self, hook)
        node = self.grad_fn
        if node is not None:
            node.metadata.setdefault(_HOOKS, []).append((handle.id, handle, hook, self.output_nr))
        return handle

    return register


def retain_grad(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a replacement for `torch.Tensor.retain_grad` that this module's engine obeys too."""

    def retain(self: Any) -> None:
        with torch._C.DisableTorchFunction():
            original(self)
        if self.grad_fn is not None:
            self.grad_fn.metadata[_RETAINED, self.output_nr] = self

    return retain


class _BackwardPass:
    """One traversal of the graph. `captured` holds the gradients of `inputs`, in their order."""

    def __init__(
        self, order: List[Any], keep: bool, inputs: List[Tuple[Any, int]], accumulate: bool
    ) -> None:
        self._order = order
        self._keep = keep
        self._accumulate = accumulate
        self._inputs = inputs
        self._received: Dict[int, Gradients] = {}
        self.captured: Gradients = [None] * len(inputs)

    def run(self, roots: List[Tuple[Any, int]], gradients: Sequence[Any]) -> None:
        for (node, slot), gradient in itertools.zip_longest(roots, gradients):
            metadata = node._input_metadata[slot]
            if gradient is None:
                gradient = _filled(torch.ones, metadata)
            self._add_gradient(node, slot, gradient)
        for node in self._order:
            received = self._received.pop(id(node), None)
            if received is not None and any(gradient is not None for gradient in received):
                self._visit(node, received)

    def _visit(self, node: Any, received: Gradients) -> None:
        _call_hooks(node, received)
        for index, (target, slot) in enumerate(self._inputs):
            if target is node:
                self.captured[index] = received[slot]
                if self._accumulate and hasattr(node, "variable"):
                    _accumulate(node, received)
        if hasattr(node, "variable"):
            if self._accumulate and not self._inputs:
                _accumulate(node, received)
            return
        if node.metadata.get(_FREED):
            raise RuntimeError(_SECOND_BACKWARD_ERROR)
        results = _call(node, received)
        if not self._keep and _saves(node):
            node.metadata[_FREED] = True
        for (following, slot), gradient in zip(node.next_functions, results):
            if following is not None and gradient is not None:
                self._add_gradient(following, slot, _fitted(node, following, slot, gradient))

    def _add_gradient(self, node: Any, slot: int, gradient: Any) -> None:
        received = self._received.setdefault(id(node), [None] * len(node._input_metadata))
        before = received[slot]
        received[slot] = gradient if before is None else before + gradient


def _edge(value: Any, order: Sequence[Any] = ()) -> Tuple[Any, int]:
    if not isinstance(value, torch.Tensor):
        return value.node, value.output_nr
    if value.grad_fn is not None:
        return value.grad_fn, value.output_nr
    for node in order:
        if getattr(node, "variable", None) is value:
            return node, 0
    edge = torch_graph.get_gradient_edge(value)
    return edge.node, edge.output_nr


def _order(roots: List[Any]) -> List[Any]:
    """Return the nodes of the graph, each after all those that lead to it."""
    waiting: Dict[int, int] = {}
    found: Dict[int, Any] = {}
    stack = list(roots)
    while stack:
        node = stack.pop()
        if id(node) in found:
            continue
        found[id(node)] = node
        for following, _ in node.next_functions:
            if following is not None:
                waiting[id(following)] = waiting.get(id(following), 0) + 1
                stack.append(following)
    ready = [node for key, node in found.items() if not waiting.get(key)]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for following, _ in node.next_functions:
            if following is not None:
                waiting[id(following)] -= 1
                if not waiting[id(following)]:
                    ready.append(following)
    return order


def _is_on_gpu(node: Any) -> bool:
    return any(metadata.device.type not in ("cpu", "meta") for metadata in node._input_metadata)


def _filled(make: Callable[..., Any], metadata: Any) -> Any:
    return make(tuple(metadata.shape), dtype=metadata.dtype, device=metadata.device)


def _call(node: Any, received: Gradients) -> Tuple[Any, ...]:
    if isinstance(node, torch.autograd.function.BackwardCFunction):
        if getattr(node, "materialize_grads", True):
            received = [
                _filled(torch.zeros, metadata) if gradient is None else gradient
                for gradient, metadata in zip(received, node._input_metadata)
            ]
        results = node.apply(*received)
    else:
        results = node(*received)
    results = results if isinstance(results, tuple) else (results,)
    for hook in getattr(node, "_backward_hooks", None) or ():
        results = hook(results, tuple(received)) or results
    return results


def _call_hooks(node: Any, received: Gradients) -> None:
    variable = getattr(node, "variable", None)
    if variable is not None:
        for hook in tuple((variable._backward_hooks or {}).values()):
            received[0] = _replaced(hook(received[0]), received[0])
        return
    for number, handle, hook, slot in node.metadata.get(_HOOKS, ()):
        hooks = handle.hooks_dict_ref()
        if hooks is not None and number in hooks and received[slot] is not None:
            received[slot] = _replaced(hook(received[slot]), received[slot])
    for slot, gradient in enumerate(received):
        retained = node.metadata.get((_RETAINED, slot))
        if retained is not None and gradient is not None:
            before = retained.grad
            retained.grad = gradient if before is None else before + gradient


def _replaced(answer: Any, gradient: Any) -> Any:
    return gradient if answer is None else answer


def _accumulate(node: Any, received: Gradients) -> None:
    node(*received)
    hooks = getattr(node.variable, "_post_accumulate_grad_hooks", None)
    for hook in tuple((hooks or {}).values()):
        hook(node.variable)


def _saves(node: Any) -> bool:
    return any(name.startswith("_raw_saved_") for name in dir(node)) or bool(
        getattr(node, "_raw_saved_tensors", ())
    )


def _fitted(node: Any, following: Any, slot: int, gradient: Any) -> Any:
    """Validate a gradient as the engine does: sum it to the shape and cast it to the dtype."""
    wanted = following._input_metadata[slot]
    shape = tuple(wanted.shape)
    if tuple(gradient.shape) != shape:
        try:
            fits = torch.broadcast_shapes(shape, gradient.shape) == gradient.shape
        except RuntimeError:
            fits = False
        if not fits:
            raise RuntimeError(
                f"Function {node.name()} returned an invalid gradient at index {slot} - got "
                f"{list(gradient.shape)} but expected shape compatible with {list(shape)}"
            )
        gradient = gradient.sum_to_size(shape)
    return gradient if gradient.dtype == wanted.dtype else gradient.to(wanted.dtype)
