"""Guessed numbers: an int and a float whose arithmetic returns guessed numbers again.

Operations that cannot return one, such as a comparison or the repetition of a list, taint the run.
Guessed numbers print as `?`, since no value was computed.
"""

from __future__ import annotations

import math
import operator
import os
import re
import sys
from typing import Any, Callable, Dict, List

import torch

from .branch_answers import branch_answers, program_frame
from .taint import state

TEXT = "?"
"""The text that a guessed number prints."""

_STEADY_COMPARISONS = 64
"""Comparisons at one place that are answered by the guess itself."""

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep

_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-+ #0]*(?P<width>\d*)(?:\.\d+)?[hlL]?(?P<kind>.)"
)
_WIDTH = re.compile(r"(.?[<>=^])?[-+ ]?[z#]*0?[1-9]")


class GuessedNumber:
    """The base class of `GuessedInt` and `GuessedFloat`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return TEXT

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        shown = format(self._plain(), spec)  # raises for an invalid spec
        return TEXT.rjust(len(shown)) if _WIDTH.match(spec) else TEXT

    def __reduce__(self) -> Any:
        return type(self), (self._plain(),)

    def _plain(self) -> Any:
        raise NotImplementedError

    def __hash__(self) -> int:
        # A failing lookup in a dict compares nothing, so hashing already has to taint.
        if not sys._getframe(1).f_code.co_filename.startswith(_TORCH):
            state.set_tainted()
        return hash(self._plain())

    def __bool__(self) -> bool:
        return self._plain() != 0 if program_frame() is None else branch_answers.truth()


class GuessedInt(GuessedNumber, int):
    """An int that is a guess or was computed from one."""

    def _plain(self) -> int:
        return int.__add__(self, 0)

    def __int__(self) -> int:
        return _lost(self._plain())

    def __float__(self) -> float:
        return _lost(float(self._plain()))

    def __complex__(self) -> complex:
        return _lost(complex(self._plain()))


class GuessedFloat(GuessedNumber, float):
    """A float that is a guess or was computed from one."""

    def _plain(self) -> float:
        return float.__add__(self, 0.0)

    def __int__(self) -> int:
        return _lost(int(self._plain()))

    def __float__(self) -> float:
        return _lost(self._plain())

    def __complex__(self) -> complex:
        return _lost(complex(self._plain()))


def _lost(value: Any) -> Any:
    """Taint the run, since Python's own code has asked for an ordinary number; return `value`."""
    if program_frame() is not None:
        state.set_tainted()
    return value


def _losing_method(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _lost(getattr(self._plain(), name)(*args, **kwargs))

    method.__name__ = name
    return method


for _name in ("bit_length", "bit_count", "to_bytes", "as_integer_ratio", "is_integer", "hex"):
    for _base in (GuessedInt, GuessedFloat):
        if hasattr(_base, _name):
            setattr(_base, _name, _losing_method(_name))
for _base in (GuessedInt, GuessedFloat):
    setattr(_base, "real", property(lambda self: self))  # noqa: B010
    setattr(_base, "conjugate", lambda self: self)  # noqa: B010
GuessedInt.numerator = property(lambda self: self)  # type: ignore[assignment, misc]


def formatted(text: str, values: Any) -> str:
    """Return `text % values`, with `?` for each guessed number."""
    if not holds_guess(values) or isinstance(values, str):
        return text % values
    remaining = iter(values if isinstance(values, tuple) else (values,))

    def shown(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return found[0]
        value = values[found["key"]] if found["key"] is not None else next(remaining)
        if not isinstance(value, GuessedNumber):
            return found[0]
        key = "" if found["key"] is None else f"({found['key']})"
        return f"%{key}{found['width']}s"

    try:
        spec = _CONVERSION.sub(shown, text)
    except (StopIteration, LookupError, TypeError):
        spec = text  # the formatting below raises
    return spec % values


def holds_guess(value: Any, depth: int = 2) -> bool:
    """Whether a value is a guess, contains one, or is a text that was formatted from one."""
    if isinstance(value, str):
        return TEXT in value and bool(state.guesses)
    if isinstance(value, GuessedNumber):
        return True
    if isinstance(value, slice):
        return any(isinstance(end, GuessedNumber) for end in (value.start, value.stop, value.step))
    if isinstance(value, (list, tuple, set)) and depth:
        return any(holds_guess(item, depth - 1) for item in value)
    if isinstance(value, dict) and depth:
        return any(holds_guess(item, depth - 1) for item in value.values())
    return False


def guessed(value: Any) -> Any:
    """Return a value as a guess. Taints the run if there is no guessed type for it."""
    kind = type(value)
    if kind is int:
        return GuessedInt(value)
    if kind is float:
        return GuessedFloat(value)
    if kind in (tuple, list):
        return kind(map(guessed, value))
    if (
        not isinstance(value, (GuessedNumber, bool, str, type(None)))
        and program_frame() is not None
    ):
        state.set_tainted()
    return value


def plain(value: Any) -> Any:
    """Return the plain number of a guess, and any other value as it is."""
    return value._plain() if isinstance(value, GuessedNumber) else value


def _arithmetic_method(name: str) -> Callable[..., Any]:
    def method(self: Any, *others: Any) -> Any:
        operation = getattr(self._plain(), name)
        try:
            result = operation(*map(plain, others))
        except ArithmeticError:
            result = self._plain()  # a guess divided by a guess of zero
        if result is NotImplemented:
            if isinstance(others[0], (list, tuple, str, bytes)):
                state.set_tainted()
            return result
        return guessed(result)

    method.__name__ = name
    return method


def _comparison_method(name: str) -> Callable[[Any, Any], Any]:
    operation = getattr(operator, name.strip("_"))

    def method(self: Any, other: Any) -> Any:
        if not isinstance(other, (int, float)):
            return getattr(self._plain(), name)(other)
        if program_frame() is None:
            return operation(self._plain(), plain(other))
        answer = operation(self._plain(), plain(other))
        # A guessed size at least agrees with all other sizes of the run.
        return (
            branch_answers.truth(answer, _STEADY_COMPARISONS)
            if type(self) is GuessedInt
            else branch_answers.truth()
        )

    method.__name__ = name
    return method


_ARITHMETIC = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "divmod", "pow",
    "radd", "rsub", "rmul", "rtruediv", "rfloordiv", "rmod", "rdivmod", "rpow",
    "neg", "pos", "abs", "round", "trunc", "floor", "ceil",
)  # fmt: skip
_BITS = (
    "and", "or", "xor", "lshift", "rshift", "rand", "ror", "rxor", "rlshift", "rrshift", "invert",
)  # fmt: skip
_COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")


def _define(kind: type, names: Any, make: Callable[[str], Any]) -> None:
    for name in names:
        full = f"__{name}__"
        if hasattr(kind.__mro__[2], full):
            setattr(kind, full, make(full))


for _kind in (GuessedInt, GuessedFloat):
    _define(_kind, _ARITHMETIC, _arithmetic_method)
    _define(_kind, _COMPARISONS, _comparison_method)
_define(GuessedInt, _BITS, _arithmetic_method)


# ---- built-in functions that would lose the guess ----------------------------------------------


def _tracking(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a built-in function so that its result is a guess if an argument is one."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if (len(args) == 1 and isinstance(args[0], (map, filter, zip))) or _is_generator(args):
            args = (list(args[0]), *args[1:])
        before, was_tracked = state.guesses, state.tracked
        state.tracked = True
        try:
            result = function(*map(_plain_items, args), **kwargs)
        except ValueError:
            if function not in (int, float) or not holds_guess(args[:1]):
                raise
            return guessed(function(1))  # the text `?` is converted back to a number
        finally:
            state.tracked = was_tracked
        if state.guesses == before and not _has_guess(args, texts_only=function is len):
            return result
        return branch_answers.truth(result) if type(result) is bool else guessed(result)

    return call


def _is_generator(args: Any) -> bool:
    return bool(args) and type(args[0]).__name__ == "generator"


def _has_guess(args: Any, texts_only: bool) -> bool:
    if texts_only:
        return any(isinstance(arg, str) and holds_guess(arg) for arg in args)
    return any(
        isinstance(arg, GuessedNumber)
        or (isinstance(arg, str) and holds_guess(arg))
        or (type(arg) in (list, tuple) and any(isinstance(item, GuessedNumber) for item in arg))
        for arg in args
    )


def _plain_items(value: Any) -> Any:
    return type(value)(map(plain, value)) if type(value) in (list, tuple) else plain(value)


def tracking_builtins() -> Dict[int, Callable[..., Any]]:
    """Return replacements of built-in functions that propagate guesses, by the original's `id`."""
    function_mode: List[Any] = [int, float, complex, round, abs, pow, divmod, range, sum]
    function_mode += [max, min, sorted, len]
    function_mode += [value for value in vars(math).values() if callable(value)]
    return {id(function): _tracking(function) for function in function_mode}
