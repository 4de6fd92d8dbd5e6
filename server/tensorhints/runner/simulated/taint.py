"""Marks for what depends on a guess: one on each such tensor, and one for the whole run.

A tensor's mark is an attribute, so that it lives and is copied with the tensor. The run is tainted
once its control flow has depended on a guess: anything that follows may differ from a real run.
This module does not need torch.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator

VALUE, SIZE = 1, 2
"""The guessed parts of a tensor, as bits: its values, or its sizes."""

_MARK = ".tensorhints.guessed"
_get_attribute = object.__getattribute__


class GuessState:
    """The state of a simulated run.

    Attributes:
        guesses: How many guesses were made.
        tracked: Whether the code that asks for a number now knows that it may be a guess.
        tainted: Whether the control flow has depended on a guess.
        on_tainted: Called when `tainted` becomes true.
    """

    def __init__(self) -> None:
        self.guesses = 0
        self.tracked = False
        self.tainted = False
        self.on_tainted: Callable[[], None] = lambda: None

    def set_tainted(self) -> None:
        """Record that the control flow depends on a guess from now on."""
        if not self.tainted:
            self.tainted = True
            self.on_tainted()


state = GuessState()


def is_guessed(tensor: Any) -> bool:
    """Whether a tensor depends on a guess, or the whole run does."""
    return state.tainted or bool(mark_of(tensor))


def mark_of(tensor: Any) -> int:
    """Return the bits `VALUE` and `SIZE` of a tensor; 0 if it depends on no guess."""
    try:
        return int(_get_attribute(tensor, "__dict__").get(_MARK, 0))
    except AttributeError:
        return 0


def add_mark(tensor: Any, mark: int) -> None:
    """Set further bits in a tensor's mark."""
    own = _get_attribute(tensor, "__dict__")
    own[_MARK] = own.get(_MARK, 0) | mark


def leaves(value: Any, depth: int = 4) -> Iterator[Any]:
    """Yield the items of nested tuples, lists and dicts, and the parts of slices."""
    if isinstance(value, (tuple, list)) and depth:
        for item in value:
            yield from leaves(item, depth - 1)
    elif isinstance(value, dict) and depth:
        for item in value.values():
            yield from leaves(item, depth - 1)
    elif isinstance(value, slice):
        yield from (value.start, value.stop, value.step)
    else:
        yield value
