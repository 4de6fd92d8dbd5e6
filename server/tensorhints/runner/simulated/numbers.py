"""Numbers that are guesses: an int and a float that say so to all that is computed from them.

What cannot carry that on (a comparison, a repetition) decides the program's way: the run is adrift.
They print as `?`: no value was computed.
"""

from __future__ import annotations

import math
import operator
import os
import re
import sys
from typing import Any, Callable, Dict, List

import torch

from .answers import answers, asking_frame
from .marks import course

TEXT = "?"

_STEADY = 64

_TORCH = os.path.dirname(os.path.abspath(torch.__file__)) + os.sep

_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-+ #0]*(?P<width>\d*)(?:\.\d+)?[hlL]?(?P<kind>.)"
)
_WIDTH = re.compile(r"(.?[<>=^])?[-+ ]?[z#]*0?[1-9]")


class Guessed:
    """What both kinds share."""

    __slots__ = ()

    def __repr__(self) -> str:
        return TEXT

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        shown = format(self._plain(), spec)  # refuses what Python refuses
        return TEXT.rjust(len(shown)) if _WIDTH.match(spec) else TEXT

    def __reduce__(self) -> Any:
        return type(self), (self._plain(),)

    def _plain(self) -> Any:
        raise NotImplementedError

    def __hash__(self) -> int:
        # A look-up that misses compares nothing: that it looked is all there is to see.
        if not sys._getframe(1).f_code.co_filename.startswith(_TORCH):
            course.drift()
        return hash(self._plain())

    def __bool__(self) -> bool:
        return self._plain() != 0 if asking_frame() is None else answers.truth()


class GuessedInt(Guessed, int):
    def _plain(self) -> int:
        return int.__add__(self, 0)

    def __int__(self) -> int:
        return _lost(self._plain())

    def __float__(self) -> float:
        return _lost(float(self._plain()))

    def __complex__(self) -> complex:
        return _lost(complex(self._plain()))


class GuessedFloat(Guessed, float):
    def _plain(self) -> float:
        return float.__add__(self, 0.0)

    def __int__(self) -> int:
        return _lost(int(self._plain()))

    def __float__(self) -> float:
        return _lost(self._plain())

    def __complex__(self) -> complex:
        return _lost(complex(self._plain()))


def _lost(value: Any) -> Any:
    """Python's own code has asked for an ordinary number."""
    if asking_frame() is not None:
        course.drift()
    return value


def _read(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _lost(getattr(self._plain(), name)(*args, **kwargs))

    method.__name__ = name
    return method


for _name in ("bit_length", "bit_count", "to_bytes", "as_integer_ratio", "is_integer", "hex"):
    for _base in (GuessedInt, GuessedFloat):
        if hasattr(_base, _name):
            setattr(_base, _name, _read(_name))
for _base in (GuessedInt, GuessedFloat):
    setattr(_base, "real", property(lambda self: self))  # noqa: B010
    setattr(_base, "conjugate", lambda self: self)  # noqa: B010
GuessedInt.numerator = property(lambda self: self)  # type: ignore[assignment, misc]


def formatted(text: str, values: Any) -> str:
    """`text % values`, in which a guess prints as it does elsewhere."""
    if not holds_guess(values) or isinstance(values, str):
        return text % values
    remaining = iter(values if isinstance(values, tuple) else (values,))

    def shown(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return found[0]
        value = values[found["key"]] if found["key"] is not None else next(remaining)
        if not isinstance(value, Guessed):
            return found[0]
        key = "" if found["key"] is None else f"({found['key']})"
        return f"%{key}{found['width']}s"

    try:
        spec = _CONVERSION.sub(shown, text)
    except (StopIteration, LookupError, TypeError):
        spec = text  # Python says what is wrong with it
    return spec % values


def holds_guess(value: Any, depth: int = 2) -> bool:
    """Whether a value is a guess, has one among its items, or is text made from one."""
    if isinstance(value, str):
        return TEXT in value and bool(course.guesses)
    if isinstance(value, Guessed):
        return True
    if isinstance(value, slice):
        return any(isinstance(end, Guessed) for end in (value.start, value.stop, value.step))
    if isinstance(value, (list, tuple, set)) and depth:
        return any(holds_guess(item, depth - 1) for item in value)
    if isinstance(value, dict) and depth:
        return any(holds_guess(item, depth - 1) for item in value.values())
    return False


def guessed(value: Any) -> Any:
    """A value that follows from a guess. What cannot say so itself sets the run adrift."""
    kind = type(value)
    if kind is int:
        return GuessedInt(value)
    if kind is float:
        return GuessedFloat(value)
    if kind in (tuple, list):
        return kind(map(guessed, value))
    if not isinstance(value, (Guessed, bool, str, type(None))) and asking_frame() is not None:
        course.drift()
    return value


def plain(value: Any) -> Any:
    return value._plain() if isinstance(value, Guessed) else value


def _computed(name: str) -> Callable[..., Any]:
    def method(self: Any, *others: Any) -> Any:
        operation = getattr(self._plain(), name)
        try:
            result = operation(*map(plain, others))
        except ArithmeticError:
            result = self._plain()  # a guess divided by a guess of zero
        if result is NotImplemented:
            if isinstance(others[0], (list, tuple, str, bytes)):
                course.drift()
            return result
        return guessed(result)

    method.__name__ = name
    return method


def _compared(name: str) -> Callable[[Any, Any], Any]:
    operation = getattr(operator, name.strip("_"))

    def method(self: Any, other: Any) -> Any:
        if not isinstance(other, (int, float)):
            return getattr(self._plain(), name)(other)
        if asking_frame() is None:
            return operation(self._plain(), plain(other))
        answer = operation(self._plain(), plain(other))
        # A size that was guessed is at least in keeping with all other sizes of the run.
        return answers.truth(answer, _STEADY) if type(self) is GuessedInt else answers.truth()

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


def _equip(kind: type, names: Any, make: Callable[[str], Any]) -> None:
    for name in names:
        full = f"__{name}__"
        if hasattr(kind.__mro__[2], full):
            setattr(kind, full, make(full))


for _kind in (GuessedInt, GuessedFloat):
    _equip(_kind, _ARITHMETIC, _computed)
    _equip(_kind, _COMPARISONS, _compared)
_equip(GuessedInt, _BITS, _computed)


# ---- functions of Python's that would lose the guess -------------------------------------------


def _wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    def follow(*args: Any, **kwargs: Any) -> Any:
        if (len(args) == 1 and isinstance(args[0], (map, filter, zip))) or _is_generator(args):
            args = (list(args[0]), *args[1:])
        before, followed = course.guesses, course.followed
        course.followed = True
        try:
            result = function(*map(_plain_items, args), **kwargs)
        except ValueError:
            if function not in (int, float) or not holds_guess(args[:1]):
                raise
            return guessed(function(1))  # it was written as text and is read again
        finally:
            course.followed = followed
        if course.guesses == before and not _concerns(args, text_only=function is len):
            return result
        return answers.truth(result) if type(result) is bool else guessed(result)

    return follow


def _is_generator(args: Any) -> bool:
    return bool(args) and type(args[0]).__name__ == "generator"


def _concerns(args: Any, text_only: bool) -> bool:
    if text_only:
        return any(isinstance(arg, str) and holds_guess(arg) for arg in args)
    return any(
        isinstance(arg, Guessed)
        or (isinstance(arg, str) and holds_guess(arg))
        or (type(arg) in (list, tuple) and any(isinstance(item, Guessed) for item in arg))
        for arg in args
    )


def _plain_items(value: Any) -> Any:
    return type(value)(map(plain, value)) if type(value) in (list, tuple) else plain(value)


def followers() -> Dict[int, Callable[..., Any]]:
    """By the identity of a function of Python's, one that knows of guesses."""
    functions: List[Any] = [int, float, complex, round, abs, pow, divmod, range, sum]
    functions += [max, min, sorted, len]
    functions += [value for value in vars(math).values() if callable(value)]
    return {id(function): _wrapped(function) for function in functions}
