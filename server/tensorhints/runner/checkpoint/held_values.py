"""What a suspended program holds under names to which its own code assigns certain values.

These are values that would be others in a run from the top, such as readings of the wall clock and
process ids: they are replaced when the program resumes.
"""

from __future__ import annotations

import ast
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

_IS_HEAP_TYPE = 1 << 9

_RUNNER = __name__.partition(".")[0] + "."


@dataclass(frozen=True)
class AssignedNames:
    """The names, and those of attributes, that code assigns from calls of certain functions."""

    names: FrozenSet[str]
    attributes: FrozenSet[str]

    @classmethod
    def of(cls, nodes: Iterable[ast.AST], functions: FrozenSet[str]) -> AssignedNames:
        """Find what `nodes` assign from expressions that call one of the `functions`.

        What the body of a class assigns counts as attributes.
        """
        found = [node for root in nodes for node in ast.walk(root)]
        readers = with_aliases(found, functions)
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


def with_aliases(nodes: Iterable[ast.AST], functions: FrozenSet[str]) -> Set[str]:
    """Return the names of functions, and those under which `nodes` import them."""
    found = set(functions)
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            found.update(a.asname for a in node.names if a.asname and a.name in functions)
    return found


def called_name(node: ast.AST) -> Optional[str]:
    """Return the name of the function that a node calls, without what it is an attribute of."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "attr", getattr(node.func, "id", None))


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
    return any(called_name(node) in names for node in ast.walk(value))


class HeldValues:
    """The values that a suspended program holds under `assigned` names.

    `files` are the program's own.
    """

    def __init__(self, assigned: AssignedNames, files: Collection[str]) -> None:
        self._files = files
        self._names = assigned.names | assigned.attributes
        self._has_attributes = bool(assigned.attributes)
        self._readers: Dict[type, Optional[Callable[[object], Any]]] = {}

    def update(
        self,
        updated: Callable[[Any], Any],
        namespaces: Iterable[Dict[str, Any]],
        cells: Mapping[str, types.CellType],
    ) -> None:
        """Replace values in `namespaces`, `cells` and objects that the run has created.

        `updated` returns the value to hold instead, or the same value.
        """
        if not self._names:
            return
        for namespace in (*namespaces, *self._namespaces_of_modules()):
            self._update(namespace, updated)
        for name in self._names.intersection(cells):
            try:
                cells[name].cell_contents = updated(cells[name].cell_contents)
            except ValueError:
                pass  # It is empty.
        for made in gc.get_objects() if self._has_attributes else ():
            kind = type(made)  # `isinstance` would ask what a proxy stands for.
            if issubclass(kind, type):
                self._update_class(made, updated)
            elif issubclass(kind, types.ModuleType):
                self._update(made.__dict__, updated)
            else:
                attributes = self._attributes_of(made)
                if attributes is not None:
                    self._update(attributes, updated)

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

    def _update_class(self, made: type, updated: Callable[[Any], Any]) -> None:
        for name in self._names:
            value = type.__getattribute__(made, "__dict__").get(name)
            now = updated(value)
            if now is not value:
                type.__setattr__(made, name, now)

    def _update(self, namespace: Dict[str, Any], updated: Callable[[Any], Any]) -> None:
        for name in self._names:
            if name in namespace:
                value = namespace[name]
                now = updated(value)
                if now is not value:
                    namespace[name] = now


def _attribute_reader(kind: type) -> Optional[Callable[[object], Any]]:
    """Return what reads the attributes of the objects of a class.

    `None` if the class is not Python code, or the runner's: its objects hold what is replaced.
    """
    if not type.__dict__["__flags__"].__get__(kind) & _IS_HEAP_TYPE:
        return None
    if str(type.__getattribute__(kind, "__dict__").get("__module__")).startswith(_RUNNER):
        return None
    for base in type.mro(kind):
        found = type.__getattribute__(base, "__dict__").get("__dict__")
        if found is not None:
            is_plain = type(found) is types.GetSetDescriptorType
            return found.__get__ if is_plain else None
    return None
