"""What a program asks of tensors that only real values could answer, or that FakeTensor refuses.

A torch function mode: it sees every call as the program wrote it, with numbers that are guesses
still known as such.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

import torch
from torch.overrides import TorchFunctionMode

from . import leaving, marks, sequences
from .answers import NeedsRealValues, answers, asking_frame
from .marks import course
from .mode import Simulation
from .numbers import TEXT, Guessed, GuessedFloat, GuessedInt, guessed

_T = torch.Tensor
_MOST_LISTED = 1 << 20
_MOST_ITERATED = 8
_LARGEST_ARRAY = 1 << 26  # bytes; a larger one gets no memory of its own

_ASKS_FOR_SIZES = frozenset(
    (_T.shape.__get__, _T.size, _T.numel, _T.nelement, _T.__len__, torch.numel, _T.nbytes.__get__)
)
_PARTS = frozenset((_T.unbind, torch.unbind, _T.split, torch.split, _T.chunk, torch.chunk))
_CONVERSIONS = frozenset((_T.__int__, _T.__float__, _T.__index__, _T.__complex__))


class Functions(TorchFunctionMode):  # type: ignore[misc]
    def __init__(self, simulation: Simulation) -> None:
        super().__init__()
        self._simulation = simulation
        self._stand_ins: Dict[Any, Callable[..., Any]] = {
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
        for compare in (torch.allclose, torch.equal, _T.allclose, _T.equal):
            self._stand_ins[compare] = self._alike(compare)
        self._stand_ins.update(sequences.STAND_INS)

    def __torch_function__(
        self, func: Any, types: Any, args: Tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        before = course.guesses
        if type(kwargs.get("device")) is int:
            kwargs = {**kwargs, "device": torch.device("cuda", kwargs["device"])}
        elif func is _T.to and len(args) > 1 and type(args[1]) is int:
            args = (args[0], torch.device("cuda", args[1]), *args[2:])
        stand_in = self._stand_ins.get(func)
        if stand_in is not None and _is_known(args):
            result = self._simulation.computed(func, args, kwargs)
            if func in (_T.numpy, _T.__array__):
                self._simulation.share(args[0])
        elif stand_in is not None:
            result = stand_in(*args, **kwargs)
        else:
            with self._simulation.asked_by(func):
                try:
                    result = func(*args, **kwargs)
                except (RuntimeError, IndexError, TypeError, ValueError, AssertionError) as error:
                    if isinstance(error, NeedsRealValues) or not _sizes_guessed(args, kwargs):
                        raise
                    course.drift()  # it may be caught
                    raise NeedsRealValues(_plain_name(func)) from None
        if func == _T.data.__set__:
            self._simulation.forget(args[0])
        if _sizes_guessed(args, kwargs) and answers.may_be_caught():
            course.drift()  # with other sizes it might have failed
        if func in _PARTS and marks.of(args[0]) & marks.SIZE:
            course.drift()  # so many are a guess
        if type(result) is _T:
            result = self._simulation.from_real(result)
        if func in _ASKS_FOR_SIZES:
            if marks.of(args[0]) & marks.SIZE:
                course.guesses += 1
                return (
                    torch.Size(map(GuessedInt, result))
                    if type(result) is torch.Size
                    else guessed(result)
                )
            return result
        if course.guesses == before and not _has_guess(args, kwargs):
            return result
        self._simulation.forget((args, result))
        if func in _CONVERSIONS and not course.followed:
            _goes_on_unseen()
        if func is _T.__setitem__:
            marks.put(args[0], marks.VALUE)
        return self._followed(result)

    def _followed(self, result: Any) -> Any:
        """A result that follows from a guess: tensors are marked, numbers say so themselves."""
        has_tensors = False
        for leaf in marks.leaves(result):
            if isinstance(leaf, _T):
                has_tensors = True
                marks.put(leaf, marks.SIZE | marks.VALUE)
        if has_tensors or isinstance(result, (str, torch.Size)):
            return result
        if course.followed and not isinstance(result, (list, tuple)):
            return result
        frame = asking_frame()
        if frame is not None and not leaving.is_watched(frame):
            course.drift()  # code of others does not carry it on
        return guessed(result)

    # ---- the stand-ins ---------------------------------------------------------------------------

    def _truth(self, tensor: Any) -> bool:
        if tensor.numel() != 1:
            return bool(_T.__bool__(tensor))  # torch says what is wrong with that
        return answers.truth(self._simulation.likely(tensor))

    def _alike(self, compare: Callable[..., Any]) -> Callable[..., bool]:
        def alike(tensor: Any, other: Any, *args: Any, **kwargs: Any) -> bool:
            if _is_known((other,)) or tensor.shape != other.shape:
                with self._simulation.asked_by(compare):
                    return bool(compare(tensor, other, *args, **kwargs))
            return answers.truth()

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
        if not marks.of(tensor) & marks.SIZE:
            return _T.__iter__(tensor)
        course.drift()
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
        course.guesses += 1
        if asking_frame() is not None:
            course.drift()
        if dtype is None:
            dtype = _numpy_dtype(tensor.dtype)
        shape = tuple(map(int, tensor.shape))
        if tensor.numel() * numpy.dtype(dtype).itemsize <= _LARGEST_ARRAY:
            return numpy.zeros(shape, dtype)
        return numpy.broadcast_to(numpy.zeros((), dtype), shape)

    def _listed(self, tensor: Any) -> Any:
        if tensor.numel() > _MOST_LISTED:
            raise NeedsRealValues("tolist")
        course.guesses += 1
        number: Any = GuessedFloat(1.0) if tensor.is_floating_point() else GuessedInt(1)
        if tensor.dtype is torch.bool:
            course.drift()
            number = True
        elif tensor.is_complex():
            course.drift()
            number = 1 + 0j
        if marks.of(tensor) & marks.SIZE:
            course.drift()
        return _nested(number, tuple(map(int, tensor.shape)))

    def _one_hot(self, tensor: Any, num_classes: int = -1) -> Any:
        if num_classes == -1:
            course.guesses += 1
            num_classes = 2
        return torch.empty((*tensor.shape, num_classes), dtype=torch.int64, device=tensor.device)


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
    """Whether the tensor asked has its values after all: those that the program wrote down."""
    return bool(args) and getattr(args[0], "constant", None) is not None


def _goes_on_unseen() -> None:
    """Python itself has asked for the number, for code that cannot know that it is a guess."""
    if asking_frame() is not None:
        course.drift()


def _sizes_guessed(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> bool:
    """Whether what an operation says of its sizes may be due to a guess."""
    if not course.guesses:
        return False
    return any(
        isinstance(leaf, Guessed) or (isinstance(leaf, _T) and bool(marks.of(leaf) & marks.SIZE))
        for leaf in marks.leaves((args, kwargs))
    )


def _plain_name(func: Any) -> str:
    return str(getattr(func, "__name__", func)).strip("_")


def _has_guess(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> bool:
    if not course.guesses:
        return False  # most programs never ask; a deep copy's memo has thousands of items
    return any(isinstance(leaf, Guessed) for leaf in marks.leaves((args, kwargs)))
