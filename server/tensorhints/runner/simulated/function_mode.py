"""The torch function mode of a simulated run.

It replaces functions that need real values or that FakeTensor does not support. It sees each call
as the program wrote it, so that guessed numbers among the arguments are still known as guesses.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

import torch
from torch.overrides import TorchFunctionMode

from . import lost_guesses, mixed_devices, packed_sequences, taint
from .branch_answers import NeedsRealValues, branch_answers, program_frame
from .dispatch_mode import Simulation
from .guessed_numbers import TEXT, GuessedFloat, GuessedInt, GuessedNumber, guessed
from .taint import state

_T = torch.Tensor
_MOST_LISTED = 1 << 20  # elements of a tensor that `tolist` accepts
_MOST_ITERATED = 8  # iterations over a dimension of guessed size
_LARGEST_ARRAY = 1 << 26  # bytes; larger arrays get no memory of their own

_SIZE_FUNCTIONS = frozenset(
    (_T.shape.__get__, _T.size, _T.numel, _T.nelement, _T.__len__, torch.numel, _T.nbytes.__get__)
)
_SPLITTING_FUNCTIONS = frozenset(
    (_T.unbind, torch.unbind, _T.split, torch.split, _T.chunk, torch.chunk)
)
_COMPARISONS = frozenset((torch.allclose, torch.equal, _T.allclose, _T.equal))
_CONVERSIONS = frozenset((_T.__int__, _T.__float__, _T.__index__, _T.__complex__))


class SimulatedFunctions(TorchFunctionMode):  # type: ignore[misc]
    """Replaces functions, raises `NeedsRealValues`, and marks results that depend on guesses."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__()
        self._simulation = simulation
        self._replacements: Dict[Any, Callable[..., Any]] = {
            _T.__bool__: self._truth,
            _T.__repr__: self._text,
            _T.__format__: self._formatted,
            _T.__iter__: self._items,
            _T.__array__: self._array,
            _T.numpy: self._array,
            _T.tolist: self._listed,
            _T.pin_memory: lambda tensor, *_: tensor,
            _T.is_pinned: lambda tensor, *_: False,
            torch.nn.functional.one_hot: self._one_hot,
        }
        for compare in _COMPARISONS:
            self._replacements[compare] = self._alike(compare)
        self._replacements.update(packed_sequences.REPLACEMENTS)

    def __torch_function__(
        self, func: Any, types: Any, args: Tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        args, kwargs = _with_device(func, args, kwargs or {})
        before = state.guesses
        replacement = self._replacements.get(func)
        if func in _COMPARISONS:  # they are answered without an operation
            mixed_devices.check(func.__name__, args, kwargs)
        if replacement is None:
            result = self._call(func, args, kwargs)
        elif _is_known(args):
            result = self._simulation.compute(func, args, kwargs)
            if func in (_T.numpy, _T.__array__):
                self._simulation.share(args[0])
        else:
            result = replacement(*args, **kwargs)
        if func == _T.data.__set__:
            self._simulation.forget(args[0])
        if _sizes_guessed(args, kwargs) and branch_answers.may_be_caught():
            state.set_tainted()  # with other sizes it might have raised
        if func in _SPLITTING_FUNCTIONS and taint.mark_of(args[0]) & taint.SIZE:
            state.set_tainted()  # the number of parts is a guess
        if type(result) is _T:
            result = self._simulation.from_real(result)
        if func in _SIZE_FUNCTIONS:
            return _guessed_sizes(args[0], result)
        if state.guesses == before and not _has_guess(args, kwargs):
            return result
        self._simulation.forget((args, result))
        if func in _CONVERSIONS and not state.tracked:
            _lose_number()
        if func is _T.__setitem__:
            taint.add_mark(args[0], taint.VALUE)
        return self._marked(result)

    def _call(self, func: Any, args: Tuple[Any, ...], kwargs: Any) -> Any:
        with self._simulation.called_from(func):
            try:
                return func(*args, **kwargs)
            except (RuntimeError, IndexError, TypeError, ValueError, AssertionError) as error:
                if isinstance(error, NeedsRealValues) or not _sizes_guessed(args, kwargs):
                    raise
                state.set_tainted()  # the program may catch it
                raise NeedsRealValues(_plain_name(func)) from None

    def _marked(self, result: Any) -> Any:
        """Return a result that depends on a guess with its tensors and numbers marked as such."""
        has_tensors = False
        for leaf in taint.leaves(result):
            if isinstance(leaf, _T):
                has_tensors = True
                taint.add_mark(leaf, taint.SIZE | taint.VALUE)
        if has_tensors or isinstance(result, (str, torch.Size)):
            return result
        if state.tracked and not isinstance(result, (list, tuple)):
            return result
        frame = program_frame()
        if frame is not None and not lost_guesses.is_tracked(frame):
            state.set_tainted()  # code of other packages does not track guesses
        return guessed(result)

    # ---- the replacements ------------------------------------------------------------------------

    def _truth(self, tensor: Any) -> bool:
        if tensor.numel() != 1:
            return bool(_T.__bool__(tensor))  # raises torch's own error
        return branch_answers.truth(self._simulation.likely(tensor))

    def _alike(self, compare: Callable[..., Any]) -> Callable[..., bool]:
        def alike(tensor: Any, other: Any, *args: Any, **kwargs: Any) -> bool:
            if _is_known((other,)) or tensor.shape != other.shape:
                with self._simulation.called_from(compare):
                    return bool(compare(tensor, other, *args, **kwargs))
            return branch_answers.truth()

        return alike

    def _text(self, tensor: Any, *, tensor_contents: Any = None) -> str:
        parts = ["...", f"size={tuple(tensor.shape)}"]
        if tensor.device.type != "cpu":
            parts.insert(1, f"device='{tensor.device}'")
        if tensor.dtype not in (torch.float32, torch.int64, torch.bool):
            parts.append(f"dtype={tensor.dtype}")
        if tensor.grad_fn is not None:
            parts.append(f"grad_fn=<{type(tensor.grad_fn).__name__}>")
        elif tensor.requires_grad:
            parts.append("requires_grad=True")
        text = f"tensor({', '.join(parts)})"
        return f"Parameter containing:\n{text}" if isinstance(tensor, torch.nn.Parameter) else text

    def _formatted(self, tensor: Any, spec: str) -> str:
        if tensor.dim() or not spec:
            return self._text(tensor) if tensor.dim() else TEXT
        return format(GuessedFloat(0.0) if tensor.is_floating_point() else GuessedInt(0), spec)

    def _items(self, tensor: Any) -> Any:
        if not taint.mark_of(tensor) & taint.SIZE:
            return _T.__iter__(tensor)
        state.set_tainted()
        return iter([tensor[index] for index in range(min(len(tensor), _MOST_ITERATED))])

    def _array(self, tensor: Any, dtype: Any = None, *, force: bool = False, **_: Any) -> Any:
        import numpy

        if not force and tensor.device.type != "cpu":
            raise TypeError(
                f"can't convert {tensor.device} device type tensor to numpy. "
                "Use Tensor.cpu() to copy the tensor to host memory first."
            )
        if not force and tensor.requires_grad:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. "
                "Use tensor.detach().numpy() instead."
            )
        state.guesses += 1
        if program_frame() is not None:
            state.set_tainted()
        if dtype is None:
            dtype = _numpy_dtype(tensor.dtype)
        shape = tuple(map(int, tensor.shape))
        if tensor.numel() * numpy.dtype(dtype).itemsize <= _LARGEST_ARRAY:
            return numpy.zeros(shape, dtype)
        return numpy.broadcast_to(numpy.zeros((), dtype), shape)

    def _listed(self, tensor: Any) -> Any:
        if tensor.numel() > _MOST_LISTED:
            raise NeedsRealValues("tolist")
        state.guesses += 1
        number: Any = GuessedFloat(1.0) if tensor.is_floating_point() else GuessedInt(1)
        if tensor.dtype is torch.bool:
            state.set_tainted()
            number = True
        elif tensor.is_complex():
            state.set_tainted()
            number = 1 + 0j
        if taint.mark_of(tensor) & taint.SIZE:
            state.set_tainted()
        return _nested(number, tuple(map(int, tensor.shape)))

    def _one_hot(self, tensor: Any, num_classes: int = -1) -> Any:
        if num_classes == -1:
            state.guesses += 1
            num_classes = 2
        return torch.empty((*tensor.shape, num_classes), dtype=torch.int64, device=tensor.device)


def _with_device(func: Any, args: Any, kwargs: Any) -> Tuple[Any, Any]:
    """Replace a device index, which means a GPU, by the device."""
    if type(kwargs.get("device")) is int:
        return args, {**kwargs, "device": torch.device("cuda", kwargs["device"])}
    if func is _T.to and len(args) > 1 and type(args[1]) is int:
        return (args[0], torch.device("cuda", args[1]), *args[2:]), kwargs
    return args, kwargs


def _guessed_sizes(tensor: Any, sizes: Any) -> Any:
    """Return the result of a function such as `Tensor.size`, as a guess if the sizes are one."""
    if not taint.mark_of(tensor) & taint.SIZE:
        return sizes
    state.guesses += 1
    return torch.Size(map(GuessedInt, sizes)) if type(sizes) is torch.Size else guessed(sizes)


def _nested(number: Any, shape: Tuple[int, ...]) -> Any:
    if not shape:
        return number
    listed: List[Any] = [_nested(number, shape[1:]) for _ in range(shape[0])]
    return listed


def _numpy_dtype(dtype: torch.dtype) -> str:
    name = str(dtype)[6:]
    if name.startswith(("float8", "bfloat16", "q")):
        raise TypeError(f"Got unsupported ScalarType {name}")
    return name


def _is_known(args: Tuple[Any, ...]) -> bool:
    """Whether the values of the first argument, a tensor, are known."""
    return bool(args) and getattr(args[0], "constant", None) is not None


def _lose_number() -> None:
    """Taint the run: Python itself converts a tensor, for code that cannot track the guess."""
    if program_frame() is not None:
        state.set_tainted()


def _sizes_guessed(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> bool:
    """Whether an error of an operation about sizes may be due to a guess."""
    if not state.guesses:
        return False
    return any(
        isinstance(leaf, GuessedNumber)
        or (isinstance(leaf, _T) and bool(taint.mark_of(leaf) & taint.SIZE))
        for leaf in taint.leaves((args, kwargs))
    )


def _plain_name(func: Any) -> str:
    return str(getattr(func, "__name__", func)).strip("_")


def _has_guess(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> bool:
    """Whether there is a guessed number among the arguments."""
    if not state.guesses:
        return False  # fast path: the memo of a deep copy has thousands of items
    return any(isinstance(leaf, GuessedNumber) for leaf in taint.leaves((args, kwargs)))
