"""Finds the functions and classes that code has made, to give them the lines of a new text."""

from __future__ import annotations

import gc
import sys
import types
from typing import Any, Dict, List, Optional, Set, Tuple


class CodeReplacement:
    """Pairs of an old code object and the one that replaces it."""

    def __init__(self) -> None:
        # The collector's referrers of old code decide: nothing else here may refer to it.
        self._old: List[types.CodeType] = []
        self._new: Dict[int, Optional[types.CodeType]] = {}  # by the id of the old one
        self._constants: Set[int] = set()

    def pair(self, old: types.CodeType, new: types.CodeType) -> bool:
        """Pair all code nested in `old` and `new`; return whether both have the same structure."""
        self._constants.add(id(old.co_consts))
        ones, others = _nested(old), _nested(new)
        if len(ones) != len(others):
            return False
        for one, other in zip(ones, others):
            if not _are_alike(one, other):
                return False
            self._old.append(one)
            self._new[id(one)] = other
            if not self.pair(one, other):
                return False
        return True

    def pair_beginning(self, old: types.CodeType, new: types.CodeType) -> None:
        """Pair the nested code as far as both begin alike; the rest of `old` must not be in use."""
        self._constants.add(id(old.co_consts))
        ones, others = _nested(old), _nested(new)
        alike = True
        for index, one in enumerate(ones):
            other = others[index] if index < len(others) else None
            alike = alike and other is not None and _are_alike(one, other)
            self._old.append(one)
            self._new[id(one)] = other if alike else None
            if alike and other is not None:
                self.pair_beginning(one, other)

    def living_functions(self) -> Optional[List[Tuple[types.FunctionType, types.CodeType]]]:
        """Return the existing functions of old code, each with its new code.

        Returns `None` if anything else refers to old code, such as a suspended generator.
        """
        found: List[Tuple[types.FunctionType, types.CodeType]] = []
        if not self._old:
            return found
        asked_for = tuple(self._old)
        own = {id(self._old), *self._constants, *_frames_of_this_thread()}
        for referrer in gc.get_referrers(*asked_for):
            # Python 3.13 reports the arguments of the call, in a tuple that it has made for it.
            if id(referrer) in own or (type(referrer) is tuple and referrer == asked_for):
                continue
            is_function = type(referrer) is types.FunctionType
            code = getattr(referrer, "__code__", None) if is_function else None
            new = self._new.get(id(code))
            if new is None:
                return None
            found.append((referrer, new))
        return found

    def living_classes(self) -> List[Tuple[type, int]]:
        """Return the existing classes whose first line changes, each with its new line.

        Classes remember it from Python 3.13 on.
        """
        if sys.version_info < (3, 13) or not self._old:
            return []
        lines: Dict[Tuple[str, Any], int] = {
            (old.co_qualname, old.co_firstlineno): new.co_firstlineno
            for old, new in ((old, self._new[id(old)]) for old in self._old)
            if new is not None
        }
        found = []
        for made in gc.get_objects():
            if not issubclass(type(made), type):
                continue
            # `type.__getattribute__` bypasses what a metaclass of the program may define.
            names = type.__getattribute__(made, "__dict__")
            key = (type.__getattribute__(made, "__qualname__"), names.get("__firstlineno__"))
            if names.get("__module__") == "__main__" and key in lines:
                found.append((made, lines[key]))
        return found


def _are_alike(one: types.CodeType, other: types.CodeType) -> bool:
    return one.co_name == other.co_name and one.co_freevars == other.co_freevars


def _nested(code: types.CodeType) -> List[types.CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]


def _frames_of_this_thread() -> Set[int]:
    found = set()
    frame: Optional[types.FrameType] = sys._getframe()
    while frame is not None:
        found.add(id(frame))
        frame = frame.f_back
    return found
