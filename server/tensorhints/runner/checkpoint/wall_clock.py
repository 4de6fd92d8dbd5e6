"""Readings of the wall clock that a program holds, moved by the pause before it resumes.

The wall clock itself stays true. A run from the top would have read it later, by as long as the
checkpoint waited: so `start = time.time()` is moved, and `time.time() - start` leaves that out.
Moved are names and attributes to which the program's own code assigns such a reading.
"""

from __future__ import annotations

import ast
import datetime
import gc
import types
from dataclasses import dataclass
from typing import (
    Any,
    Callable,
    Collection,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    Mapping,
    Optional,
    Set,
)

from .. import imports

_READERS = frozenset(("clock_gettime", "clock_gettime_ns", "now", "time", "time_ns", "utcnow"))
_NS = 1_000_000_000
_AHEAD_NS = 86_400 * _NS
"""How far ahead a deadline may lie."""

_IS_HEAP_TYPE = 1 << 9


@dataclass(frozen=True)
class ReadingTargets:
    """The names, and those of attributes, that code assigns from what contains a reading."""

    names: FrozenSet[str]
    attributes: FrozenSet[str]

    @classmethod
    def of(cls, nodes: Iterable[ast.AST]) -> ReadingTargets:
        """Find the targets in `nodes`. What the body of a class assigns counts as attributes."""
        found = [node for root in nodes for node in ast.walk(root)]
        readers = set(_READERS)
        for node in found:
            if isinstance(node, ast.ImportFrom):
                readers.update(a.asname for a in node.names if a.asname and a.name in _READERS)
        names: Set[str] = set()
        attributes: Set[str] = set()
        for node in found:
            for target in _targets(node, readers):
                if isinstance(target, ast.Name):
                    names.add(target.id)
                elif isinstance(target, ast.Attribute):
                    attributes.add(target.attr)
            if isinstance(node, ast.ClassDef):
                bound = (target for part in node.body for target in _targets(part, readers))
                attributes.update(target.id for target in bound if isinstance(target, ast.Name))
        return cls(frozenset(names), frozenset(attributes))


def _targets(node: ast.AST, readers: Set[str]) -> Iterator[ast.AST]:
    """Yield what an assignment binds, if its value contains a call of one of the `readers`."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        if node.value is None or not _calls_any(node.value, readers):
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for part in ast.walk(target):
                if isinstance(getattr(part, "ctx", None), ast.Store):
                    yield part


def _calls_any(value: ast.expr, names: Set[str]) -> bool:
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in names
        for node in ast.walk(value)
    )


class HeldReadings:
    """The readings that a suspended program may hold: values from `since_ns` to `until_ns`.

    `files` are the program's own, and both times nanoseconds of the wall clock.
    """

    def __init__(
        self, targets: ReadingTargets, files: Collection[str], since_ns: int, until_ns: int
    ) -> None:
        self._files = files
        self._names = targets.names | targets.attributes
        self._has_attributes = bool(targets.attributes)
        self._since = since_ns
        self._until = until_ns + _AHEAD_NS
        self._readers: Dict[type, Optional[Callable[[object], Any]]] = {}

    def move(
        self,
        pause_ns: int,
        namespaces: Iterable[Dict[str, Any]],
        cells: Mapping[str, types.CellType],
    ) -> None:
        """Move those in `namespaces` and `cells`, and in objects that the run has created."""
        if not self._names or pause_ns <= 0:
            return
        for namespace in (*namespaces, *self._namespaces_of_modules()):
            self._move_in(namespace, pause_ns)
        for name in self._names.intersection(cells):
            try:
                cells[name].cell_contents = self._moved(cells[name].cell_contents, pause_ns)
            except ValueError:
                pass  # It is empty.
        for made in gc.get_objects() if self._has_attributes else ():
            if isinstance(made, type):
                self._move_in_class(made, pause_ns)
            elif isinstance(made, types.ModuleType):
                self._move_in(made.__dict__, pause_ns)
            else:
                attributes = self._attributes_of(made)
                if attributes is not None:
                    self._move_in(attributes, pause_ns)

    def _namespaces_of_modules(self) -> Iterator[Dict[str, Any]]:
        for module in imports.imported_since():
            names = getattr(module, "__dict__", None)
            if type(names) is dict and names.get("__file__") in self._files:
                yield names

    def _attributes_of(self, made: object) -> Optional[Dict[str, Any]]:
        """Return the attributes of an object without running code of its class."""
        kind = type(made)
        if kind not in self._readers:
            self._readers[kind] = _attribute_reader(kind)
        read = self._readers[kind]
        return None if read is None else read(made)

    def _move_in_class(self, made: type, pause_ns: int) -> None:
        for name in self._names:
            value = type.__getattribute__(made, "__dict__").get(name)
            moved = self._moved(value, pause_ns)
            if moved is not value:
                type.__setattr__(made, name, moved)

    def _move_in(self, namespace: Dict[str, Any], pause_ns: int) -> None:
        for name in self._names:
            if name in namespace:
                value = namespace[name]
                moved = self._moved(value, pause_ns)
                if moved is not value:
                    namespace[name] = moved

    def _moved(self, value: Any, pause_ns: int) -> Any:
        kind = type(value)
        if kind is float and self._contains(value * _NS):
            return value + pause_ns / _NS
        if kind is int and self._contains(value):
            return value + pause_ns
        if kind is datetime.datetime and self._contains(value.timestamp() * _NS):
            return value + datetime.timedelta(microseconds=pause_ns // 1000)
        return value

    def _contains(self, reading_ns: float) -> bool:
        return self._since <= reading_ns <= self._until


def _attribute_reader(kind: type) -> Optional[Callable[[object], Any]]:
    """Return what reads the attributes of the objects of a class, if the class is Python code."""
    if not type.__dict__["__flags__"].__get__(kind) & _IS_HEAP_TYPE:
        return None
    for base in type.mro(kind):
        found = type.__getattribute__(base, "__dict__").get("__dict__")
        if found is not None:
            is_plain = type(found) is types.GetSetDescriptorType
            return found.__get__ if is_plain else None
    return None
