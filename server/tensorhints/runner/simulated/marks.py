"""What is guessed: a mark on each tensor that follows from a guess, and one for the whole run.

A tensor bears its mark as an attribute, so that it lives and is copied with the tensor. `adrift` is
the mark of the run: the program took a way that depends on a guess, so all that comes may differ.
Needs nothing of torch.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator

VALUE, SIZE = 1, 2
"""What of a tensor is a guess: its values alone, or its sizes too."""

_MARK = ".tensorhints.guessed"
_dictionary = object.__getattribute__


class Course:
    """Where the run stands: `guesses` counts what was guessed, `adrift` whether it decided the way.
    `followed`: whoever asks for a number now knows that it may be a guess.
    """

    def __init__(self) -> None:
        self.guesses = 0
        self.followed = False
        self.adrift = False
        self.on_adrift: Callable[[], None] = lambda: None

    def drift(self) -> None:
        if not self.adrift:
            self.adrift = True
            self.on_adrift()


course = Course()


def is_guessed(tensor: Any) -> bool:
    return course.adrift or bool(of(tensor))


def of(tensor: Any) -> int:
    try:
        return int(_dictionary(tensor, "__dict__").get(_MARK, 0))
    except AttributeError:
        return 0


def put(tensor: Any, mark: int) -> None:
    own = _dictionary(tensor, "__dict__")
    own[_MARK] = own.get(_MARK, 0) | mark


def leaves(value: Any, depth: int = 4) -> Iterator[Any]:
    """The items of nested tuples, lists and dicts."""
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
