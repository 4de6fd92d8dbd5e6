"""Every operation of a simulated run: shapes from torch's FakeTensor, guesses where it has none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Set

import torch
from torch._subclasses import fake_tensor
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

from . import marks, real_words
from .answers import NeedsRealValues, answers, asking_frame
from .marks import SIZE, VALUE, course

KNOWN_NUMBERS = 1024
"""Elements up to which torch goes on computing with tensors that the program wrote down."""

_LIKELY = {"isnan": False, "isinf": False, "any": False, "all": True, "isfinite": True}
_LIKELY_MARK = ".tensorhints.likely"

_ATEN = torch.ops.aten
_WRITTEN_DOWN = frozenset(
    (
        _ATEN.arange.default, _ATEN.arange.start, _ATEN.arange.start_step, _ATEN.zeros.default,
        _ATEN.ones.default, _ATEN.full.default, _ATEN.eye.default, _ATEN.eye.m,
        _ATEN.linspace.default,
    )
)  # fmt: skip
"""What makes tensors whose values the program's text says."""

_OVER_LISTS = ("_foreach_", "_fused_", "_amp_")

_UNKNOWN = (
    fake_tensor.DataDependentOutputException,
    fake_tensor.DynamicOutputShapeException,
)
_REFUSED = (
    fake_tensor.UnsupportedFakeTensorException,
    fake_tensor.UnsupportedOperatorException,
    fake_tensor.UnsupportedMutationAliasingException,
)


class Simulation(FakeTensorMode):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(allow_non_fake_inputs=True)
        self.allow_meta = True
        self._index_of_one = False
        self._shared: Set[int] = set()

    @property
    def avoid_device_init(self) -> bool:
        return True

    def dispatch(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Optional[Mapping[str, Any]] = None,
    ) -> Any:
        # What happens in here is torch's own: no program's call.
        with torch._C.DisableTorchFunction():
            return self._computed(func, types, args, kwargs or {})

    def _computed(self, func: Any, types: Sequence[type], args: Any, kwargs: Any) -> Any:
        before = course.guesses
        guessed = False
        objection = None
        if _name(func).startswith("quantize_"):
            raise NeedsRealValues(_name(func))  # FakeTensor gives it a type that it does not have
        if func in _WRITTEN_DOWN and _is_small_on_cpu(args, kwargs):
            with fake_tensor.unset_fake_temporarily():
                written = func(*args, **kwargs)
            return self.from_real(written)
        if _name(func).startswith(_OVER_LISTS) and not _all_known(args):
            self.forget(args)  # torch looks for what is written to among single tensors alone
        try:
            result = super().dispatch(func, types, args, kwargs)
            objection = real_words.objection(func, args, kwargs)
        except fake_tensor.FakeTensorDeviceMismatchError as error:
            # As on real hardware, where it is a plain RuntimeError.
            raise RuntimeError(str(error)) from None
        except _UNKNOWN as error:
            guess = _GUESSES.get(_name(func))
            if guess is None:
                raise NeedsRealValues(_name(func)) from error
            known = course.guesses
            result = guess(self, *args, **kwargs)
            guessed = course.guesses != known
        except (*_REFUSED, NotImplementedError) as error:
            shape = _SHAPES.get(_name(func))
            if shape is None and self.forget((args, kwargs)):
                return self._computed(func, types, args, kwargs)
            if shape is None:
                raise NeedsRealValues(_name(func)) from error
            result = shape(self, *args, **kwargs)
        except (RuntimeError, IndexError, TypeError, ValueError, AssertionError) as error:
            raise real_words.of(error, func, args, kwargs) from None
        if objection is not None:
            raise objection
        if before or guessed:
            sized = guessed and not _keeps_sizes(_name(func))
            _follow(
                func, args, kwargs, result, (SIZE | VALUE if sized else VALUE) if guessed else 0
            )
        _note_likely(func, args, result)
        return result

    def forget(self, args: Any) -> bool:
        """The values known of these tensors do not hold any more. Whether there were any."""
        known = [
            leaf
            for leaf in marks.leaves(args)
            if isinstance(leaf, FakeTensor) and leaf.constant is not None
        ]
        if self._shared:
            self._lose_arrays([tensor.constant for tensor in known], ())
        for tensor in known:
            if tensor.constant is not None:  # else it shared the memory of one before
                self.fake_tensor_converter.invalidate_constant_aliases(tensor.constant)
        return bool(known)

    def share(self, tensor: Any) -> None:
        """The memory of its values is that of an array of the program, too."""
        if tensor.constant is not None:
            self._shared.add(tensor.constant.untyped_storage()._cdata)

    def invalidate_written_to_constants(self, func: Any, tensors: Any, *rest: Any) -> None:
        before = [tensor.constant for tensor in tensors if tensor.constant is not None]
        super().invalidate_written_to_constants(func, tensors, *rest)
        if self._shared:
            self._lose_arrays(before, tensors)

    def _lose_arrays(self, constants: Sequence[Any], tensors: Sequence[Any]) -> None:
        kept = {id(tensor.constant) for tensor in tensors}
        for constant in constants:
            shared = constant.untyped_storage()._cdata in self._shared
            if shared and id(constant) not in kept:
                course.drift()  # the array does not know

    def from_array(self, tensor: Any) -> Any:
        """A tensor over the memory of an array: what is written to the one, the other has."""
        with torch._C.DisableTorchFunction():
            made = self.from_real(tensor, copied=False)
        if isinstance(made, FakeTensor):
            self.share(made)
        return made

    def from_real(self, tensor: Any, copied: bool = True) -> Any:
        """A tensor that was made outside: its values are known where they are few."""
        if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
            return tensor
        few = tensor.numel() <= KNOWN_NUMBERS and tensor.layout is torch.strided
        if few and tensor.device.type == "cpu" and not tensor.requires_grad:
            return self.fake_tensor_converter.from_real_tensor(
                self, tensor.clone() if copied else tensor, make_constant=True
            )
        return self.from_tensor(tensor)

    def computed(self, func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """For a tensor whose values are known, what it would really give."""
        tensor, *rest = args
        constant = tensor.constant
        with fake_tensor.unset_fake_temporarily():
            if tensor.requires_grad:
                constant = constant.detach().requires_grad_()
            return func(constant, *rest, **kwargs)

    def likely(self, tensor: Any) -> bool:
        return bool(object.__getattribute__(tensor, "__dict__").get(_LIKELY_MARK, True))

    @contextmanager
    def asked_by(self, func: Any) -> Iterator[None]:
        """A number that indexes a tensor had better be one that every tensor has: zero."""
        before = self._index_of_one
        self._index_of_one = func in (torch.Tensor.__getitem__, torch.Tensor.__setitem__)
        try:
            yield
        finally:
            self._index_of_one = before

    def number(self, tensor: Any) -> Any:
        if tensor.dtype is torch.bool:
            return answers.truth(self.likely(tensor))
        own = asking_frame() is None or self._index_of_one
        if tensor.is_complex():
            return 1 + 0j
        if tensor.is_floating_point():
            return 0.0 if own else 1.0
        return 0 if self._index_of_one else 1


def _is_small_on_cpu(args: Any, kwargs: Mapping[str, Any]) -> bool:
    device = kwargs.get("device")
    if device is not None and device.type != "cpu":
        return False
    count = 1
    for number in marks.leaves(args):
        if isinstance(number, (int, float)):
            count *= max(1, int(abs(number)))
    return count <= KNOWN_NUMBERS and kwargs.get("layout") in (None, torch.strided)


def _all_known(args: Any) -> bool:
    return all(
        leaf.constant is not None for leaf in marks.leaves(args) if isinstance(leaf, FakeTensor)
    )


def _name(func: Any) -> str:
    packet = getattr(func, "overloadpacket", None)
    return str(getattr(packet, "__name__", func))


def _keeps_sizes(name: str) -> bool:
    """Whether the result has the sizes of the first operand, whatever the others are."""
    return name.endswith("_") or name in ("index_put", "masked_fill", "masked_scatter")


def _follow(func: Any, args: Any, kwargs: Any, result: Any, mark: int) -> None:
    """What is computed from something guessed is guessed."""
    marked = [marks.of(leaf) for leaf in marks.leaves((args, kwargs)) if _is_tensor(leaf)]
    if _keeps_sizes(_name(func)) and marked:
        mark |= marked[0] | (VALUE if any(marked) else 0)
    else:
        for other in marked:
            mark |= other
    if mark:
        for leaf in marks.leaves(result):
            if _is_tensor(leaf):
                marks.put(leaf, mark)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


def _note_likely(func: Any, args: Any, result: Any) -> None:
    if type(result) is not FakeTensor or result.dtype is not torch.bool:
        return
    likely = _LIKELY.get(_name(func))
    if likely is None and args and isinstance(args[0], FakeTensor):
        likely = args[0].__dict__.get(_LIKELY_MARK)
    if likely is not None:
        result.__dict__[_LIKELY_MARK] = likely


# ---- the guesses: of a size always the largest that there can be ------------------------------


def _scalar(mode: Simulation, tensor: Any) -> Any:
    course.guesses += 1
    return mode.number(tensor)


def _same(mode: Simulation, *_: Any, **__: Any) -> bool:
    course.guesses += 1
    return answers.truth()


def _nonzero(mode: Simulation, tensor: Any) -> Any:
    return _positions(mode, tensor, tensor.numel(), tensor.dim())


def _masked(mode: Simulation, tensor: Any, mask: Any) -> Any:
    shape = torch.broadcast_shapes(tensor.shape, mask.shape)
    count = shape.numel()
    if mask.constant is not None:
        count = int(mask.constant.expand(shape).sum())
    else:
        course.guesses += 1
    with mode:
        return torch.empty(count, dtype=tensor.dtype, device=tensor.device)


def _indexed(mode: Simulation, tensor: Any, indices: Sequence[Any]) -> Any:
    with mode:
        positions: List[Any] = []
        for index in indices:
            if index is None or index.dtype not in (torch.bool, torch.uint8):
                positions.append(index)
                continue
            if index.constant is not None:
                count = int(index.constant.sum())
            else:
                course.guesses += 1
                count = index.numel()
            positions += [_empty(mode, index, count) for _ in range(index.dim())]
        return torch.ops.aten.index.Tensor(tensor, positions)


def _unique(mode: Simulation, tensor: Any, *_: Any, **__: Any) -> Any:
    inverse = _positions(mode, tensor, *tensor.shape)
    with mode:
        values = torch.empty(tensor.numel(), dtype=tensor.dtype, device=tensor.device)
    return values, inverse, _positions(mode, tensor, tensor.numel())


def _unique_slices(mode: Simulation, tensor: Any, dim: int, *_: Any, **__: Any) -> Any:
    count = tensor.shape[dim]
    with mode:
        values = torch.empty_like(tensor)
    return values, _positions(mode, tensor, count), _positions(mode, tensor, count)


def _unique_runs(
    mode: Simulation, tensor: Any, inverse: bool = False, counts: bool = False, dim: Any = None
) -> Any:
    return _unique(mode, tensor) if dim is None else _unique_slices(mode, tensor, dim)


def _bins(mode: Simulation, tensor: Any, weights: Any = None, minlength: int = 0) -> Any:
    counts = _positions(mode, tensor, max(1, minlength))
    if weights is None:
        return counts
    with mode:
        return counts.to(weights.dtype if weights.dtype is torch.float32 else torch.float64)


def _repeated(mode: Simulation, repeats: Any, *, output_size: Any = None) -> Any:
    if output_size is None:
        return _positions(mode, repeats, repeats.numel())
    return _empty(mode, repeats, output_size)


def _positions(mode: Simulation, like: Any, *sizes: int) -> Any:
    course.guesses += 1
    return _empty(mode, like, *sizes)


def _empty(mode: Simulation, like: Any, *sizes: int) -> Any:
    with mode:
        return torch.empty(*sizes, dtype=torch.int64, device=like.device)


_GUESSES: Dict[str, Callable[..., Any]] = {
    "_local_scalar_dense": _scalar,
    "item": _scalar,
    "equal": _same,
    "allclose": _same,
    "is_nonzero": _same,
    "nonzero": _nonzero,
    "masked_select": _masked,
    "index": _indexed,
    "_unique2": _unique,
    "unique_dim": _unique_slices,
    "unique_consecutive": _unique_runs,
    "bincount": _bins,
    "repeat_interleave": _repeated,
}


# ---- the shapes of what torch has on GPUs only, where it gives no shape itself -----------------


def _gru_cell(mode: Simulation, gates: Any, hidden_gates: Any, state: Any, *_: Any) -> Any:
    with mode:
        return torch.empty_like(state), state.new_empty(state.shape[0], 5 * state.shape[1])


def _gru_cell_back(mode: Simulation, gradient: Any, workspace: Any, has_bias: bool) -> Any:
    with mode:
        size = gradient.shape[1]
        gates = gradient.new_empty(gradient.shape[0], 3 * size)
        bias = gradient.new_empty(3 * size) if has_bias else None
        return gates, gates.clone(), torch.empty_like(gradient), bias, bias


_SHAPES: Dict[str, Callable[..., Any]] = {
    "_thnn_fused_gru_cell": _gru_cell,
    "_thnn_fused_gru_cell_backward": _gru_cell_back,
}
