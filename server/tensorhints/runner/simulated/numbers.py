"""Numbers that are guesses: an int and a float that say so to all that is computed from them.

What cannot carry that on (a comparison, a repetition) decides the program's way: the run is adrift.
They print as `?`: no value was computed.
"""

from __future__ import annotations

import math
import operator
import re
from typing import Any, Callable, Dict, List

from .answers import answers, asking_frame
from .marks import course

TEXT = "?"

_STEADY = 64

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

    def __bool__(self) -> bool:
        return self._plain() != 0 if asking_frame() is None else answers.truth()


class GuessedInt(Guessed, int):
    def _plain(self) -> int:
        return int.__add__(self, 0)

    __hash__ = int.__hash__


class GuessedFloat(Guessed, float):
    def _plain(self) -> float:
        return float.__add__(self, 0.0)

    __hash__ = float.__hash__


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
        finally:
            course.followed = followed
        if course.guesses == before and not _concerns(args):
            return result
        return answers.truth(result) if type(result) is bool else guessed(result)

    return follow


def _is_generator(args: Any) -> bool:
    return bool(args) and type(args[0]).__name__ == "generator"


def _concerns(args: Any) -> bool:
    return any(
        isinstance(arg, Guessed)
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
