"""Every operation of a simulated run: shapes from torch's FakeTensor, guesses where it has none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Sequence

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
        kwargs = kwargs or {}
        before = course.guesses
        guessed = False
        try:
            result = super().dispatch(func, types, args, kwargs)
        except fake_tensor.FakeTensorDeviceMismatchError as error:
            # As on real hardware, where it is a plain RuntimeError.
            raise RuntimeError(str(error)) from None
        except _UNKNOWN as error:
            guess = _GUESSES.get(_name(func))
            if guess is None:
                raise NeedsRealValues(_name(func)) from error
            result = guess(self, *args, **kwargs)
            course.guesses += 1
            guessed = True
        except _REFUSED as error:
            raise NeedsRealValues(_name(func)) from error
        except (RuntimeError, IndexError, TypeError, ValueError) as error:
            raise real_words.of(error, func, args, kwargs) from None
        if before or guessed:
            _follow(args, kwargs, result, guessed)
        _note_likely(func, args, result)
        return result

    def from_real(self, tensor: Any) -> Any:
        """A tensor that was made outside: its values are known where they are few."""
        few = tensor.numel() <= KNOWN_NUMBERS and tensor.layout is torch.strided
        if few and tensor.device.type == "cpu" and not tensor.requires_grad:
            return self.fake_tensor_converter.from_real_tensor(
                self, tensor.clone(), make_constant=True
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


def _name(func: Any) -> str:
    packet = getattr(func, "overloadpacket", None)
    return str(getattr(packet, "__name__", func))


def _follow(args: Any, kwargs: Any, result: Any, guessed: bool) -> None:
    """What is computed from something guessed is guessed."""
    mark = SIZE | VALUE if guessed else 0
    for leaf in marks.leaves((args, kwargs)):
        if isinstance(leaf, torch.Tensor):
            mark |= marks.of(leaf)
    if mark:
        for leaf in marks.leaves(result):
            if isinstance(leaf, torch.Tensor):
                marks.put(leaf, mark)


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
    return mode.number(tensor)


def _same(mode: Simulation, *_: Any, **__: Any) -> bool:
    return answers.truth()


def _nonzero(mode: Simulation, tensor: Any) -> Any:
    return _positions(mode, tensor, tensor.numel(), tensor.dim())


def _masked(mode: Simulation, tensor: Any, mask: Any) -> Any:
    count = torch.broadcast_shapes(tensor.shape, mask.shape).numel()
    with mode:
        return torch.empty(count, dtype=tensor.dtype, device=tensor.device)


def _indexed(mode: Simulation, tensor: Any, indices: Sequence[Any]) -> Any:
    with mode:
        positions = []
        for index in indices:
            if index is not None and index.dtype in (torch.bool, torch.uint8):
                count = index.numel()
                positions += [_positions(mode, tensor, count) for _ in range(index.dim())]
            else:
                positions.append(index)
        return torch.ops.aten.index.Tensor(tensor, positions)


def _unique(mode: Simulation, tensor: Any, *_: Any, **__: Any) -> Any:
    with mode:
        values = torch.empty(tensor.numel(), dtype=tensor.dtype, device=tensor.device)
    inverse = _positions(mode, tensor, *tensor.shape)
    return values, inverse, _positions(mode, tensor, tensor.numel())


def _unique_slices(mode: Simulation, tensor: Any, dim: int, *_: Any, **__: Any) -> Any:
    with mode:
        values = torch.empty_like(tensor)
    count = tensor.shape[dim]
    return values, _positions(mode, tensor, count), _positions(mode, tensor, count)


def _unique_runs(
    mode: Simulation, tensor: Any, inverse: bool = False, counts: bool = False, dim: Any = None
) -> Any:
    if dim is not None:
        return _unique_slices(mode, tensor, dim)
    return _unique(mode, tensor)


def _bins(mode: Simulation, tensor: Any, weights: Any = None, minlength: int = 0) -> Any:
    if weights is None:
        return _positions(mode, tensor, max(1, minlength))
    with mode:
        kind = weights.dtype if weights.dtype is torch.float32 else torch.float64
        return torch.empty(max(1, minlength), dtype=kind, device=tensor.device)


def _repeated(mode: Simulation, repeats: Any, *, output_size: Any = None) -> Any:
    return _positions(mode, repeats, repeats.numel() if output_size is None else output_size)


def _positions(mode: Simulation, like: Any, *sizes: int) -> Any:
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
