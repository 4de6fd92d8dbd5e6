"""Recognises statements that do nothing but bind names.

It makes no difference when they run, as long as nothing has used those names: functions, classes,
constants, and imports of modules that are imported already.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Set, Tuple

from .mentions import mentions

Modules = Mapping[str, ModuleType]

_HARMLESS_DECORATORS = frozenset(
    (
        "abstractmethod", "classmethod", "dataclass", "enable_grad", "inference_mode", "no_grad",
        "property", "staticmethod",
    )
)  # fmt: skip
_TRUSTED = frozenset(("abc", "dataclasses", "enum", "torch", "typing"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_CALLED_ON_USE = frozenset(("__class_getitem__", "__init_subclass__"))


@dataclass(frozen=True)
class Definition:
    """A statement that only binds names.

    `binds` maps each name to the module and attribute that an import takes it from. `needs` are the
    names that are read when the statement runs, `makers` those of them that create what is bound:
    base classes and decorators.
    """

    binds: Dict[str, Optional[Tuple[str, str]]]
    needs: FrozenSet[str] = frozenset()
    makers: FrozenSet[str] = frozenset()


def definition(
    statement: ast.stmt, modules: Modules, late_annotations: bool = False
) -> Optional[Definition]:
    """Return what a top-level statement binds; `None` if it may do more than that."""
    if isinstance(statement, ast.Pass):
        return Definition({})
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return Definition({})
    if isinstance(statement, _FUNCTIONS):
        found = _function(statement, late_annotations)
    elif isinstance(statement, ast.ClassDef):
        found = _class(statement, late_annotations)
    elif isinstance(statement, ast.Assign):
        found = _constant(statement)
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        found = _import(statement, modules)
    else:
        return None
    if found is None or any(name.startswith("__") for name in found.binds):
        return None
    return found


def trimmed(statement: ast.stmt, names: FrozenSet[str]) -> ast.stmt:
    """Return the statement reduced to `names`: an import may bind others, too."""
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return statement
    kept = [alias for alias in statement.names if _bound(statement, alias) in names]
    clone: ast.stmt
    if isinstance(statement, ast.Import):
        clone = ast.Import(kept)
    else:
        clone = ast.ImportFrom(statement.module, kept, statement.level)
    return ast.copy_location(clone, statement)


def is_trusted(origin: Optional[Tuple[str, str]]) -> bool:
    """Whether creating something by an import from there has no side effects elsewhere."""
    return origin is not None and origin[0].split(".")[0] in _TRUSTED


def is_builtin(name: str) -> bool:
    """Whether a name is in `builtins`."""
    return name in vars(builtins)


# ---- imports and constants -----------------------------------------------------------------------


def _import(node: ast.stmt, modules: Modules) -> Optional[Definition]:
    binds: Dict[str, Optional[Tuple[str, str]]] = {}
    for alias in node.names:  # type: ignore[attr-defined]
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level or module == "__future__" or module not in modules:
                return None
            if alias.name not in vars(modules[module]):
                return None
            origin = (module, alias.name)
        else:
            if alias.name not in modules:
                return None
            origin = (alias.name if alias.asname else alias.name.split(".")[0], "")
        binds[_bound(node, alias)] = origin
    return Definition(binds)


def _bound(node: ast.stmt, alias: ast.alias) -> str:
    if alias.asname:
        return alias.asname
    return alias.name if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]


def _constant(node: ast.Assign) -> Optional[Definition]:
    if not _is_literal(node.value):
        return None
    if not all(isinstance(target, ast.Name) for target in node.targets):
        return None
    return Definition({target.id: None for target in node.targets})  # type: ignore[attr-defined]


def _is_literal(node: Optional[ast.expr]) -> bool:
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return all(_is_literal(element) for element in node.elts)
    if isinstance(node, ast.Dict):
        keys = all(isinstance(key, ast.Constant) for key in node.keys)
        return keys and all(_is_literal(value) for value in node.values)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant) and isinstance(node.op, ast.USub)
    return isinstance(node, ast.Constant)


# ---- functions and classes -----------------------------------------------------------------------


def _function(node: Any, late_annotations: bool) -> Optional[Definition]:
    arguments = node.args
    if getattr(node, "type_params", None):
        return None
    if not all(_is_literal(d) for d in [*arguments.defaults, *filter(None, arguments.kw_defaults)]):
        return None
    evaluated: List[ast.AST] = []
    for decorator in node.decorator_list:
        if not _is_harmless_decorator(decorator):
            return None
        evaluated.append(decorator)
    if not late_annotations:
        annotations = _annotations(node)
        if not all(_is_plain_annotation(annotation) for annotation in annotations):
            return None
        evaluated += [a for a in annotations if not isinstance(a, ast.Constant)]
    makers = filter(None, map(_root, node.decorator_list))
    return Definition({node.name: None}, _names(evaluated), frozenset(makers))


def _annotations(node: Any) -> List[ast.expr]:
    arguments = node.args
    every = [
        *arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs,
        arguments.vararg, arguments.kwarg,
    ]  # fmt: skip
    found = [argument.annotation for argument in every if argument is not None]
    return [a for a in [*found, node.returns] if a is not None]


def _is_plain_annotation(node: ast.expr) -> bool:
    """Whether an annotation consists of names, attributes, `a | b` and `list[a]`."""
    if isinstance(node, ast.Attribute):
        return _is_plain_annotation(node.value)
    if isinstance(node, ast.Subscript):
        return _is_plain_annotation(node.value) and _is_plain_annotation(node.slice)
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(_is_plain_annotation(element) for element in node.elts)
    if isinstance(node, ast.BinOp):
        parts = (node.left, node.right)
        return isinstance(node.op, ast.BitOr) and all(map(_is_plain_annotation, parts))
    return isinstance(node, (ast.Name, ast.Constant))


def _is_harmless_decorator(node: ast.expr) -> bool:
    """Whether a decorator is harmless by its last name; the caller checks its first one."""
    if isinstance(node, ast.Call):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if not all(isinstance(argument, ast.Constant) for argument in given):
            return False
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr in _HARMLESS_DECORATORS and _root(node) is not None
    return isinstance(node, ast.Name) and node.id in _HARMLESS_DECORATORS


def _class(node: ast.ClassDef, late_annotations: bool) -> Optional[Definition]:
    if node.keywords or getattr(node, "type_params", None):
        return None
    if any(isinstance(base, ast.Call) or _root(base) is None for base in node.bases):
        return None
    if not all(map(_is_harmless_decorator, node.decorator_list)):
        return None
    needs = set(_names([*node.bases, *node.decorator_list]))
    makers = {root for root in map(_root, [*node.bases, *node.decorator_list]) if root}
    own: Set[str] = set()
    for statement in node.body:
        found = _member(statement, late_annotations, own)
        if found is None or _CALLED_ON_USE.intersection(found.binds):
            return None
        needs |= found.needs - own
        makers |= found.makers - own
        own |= set(found.binds)
    return Definition({node.name: None}, frozenset(needs), frozenset(makers))


def _member(statement: ast.stmt, late_annotations: bool, own: Set[str]) -> Optional[Definition]:
    """Return what a statement of a class body binds; `None` if it may do more."""
    if isinstance(statement, ast.Pass):
        return Definition({})
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return Definition({})
    if isinstance(statement, _FUNCTIONS):
        setters = [d for d in statement.decorator_list if _is_accessor(d, own)]
        if setters:
            rest = [d for d in statement.decorator_list if d not in setters]
            fields = {name: getattr(statement, name) for name in statement._fields
                      if hasattr(statement, name)}  # fmt: skip
            statement = type(statement)(**{**fields, "decorator_list": rest})
        return _function(statement, late_annotations)
    if isinstance(statement, ast.Assign):
        return _constant(statement)
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        plain = late_annotations or _is_plain_annotation(statement.annotation)
        if not plain or not (statement.value is None or _is_literal(statement.value)):
            return None
        evaluated = () if late_annotations else _names([statement.annotation])
        return Definition({statement.target.id: None}, frozenset(evaluated))
    return None


def _is_accessor(node: ast.expr, own: Set[str]) -> bool:
    """Whether a decorator is `@name.setter` of a property above it."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("setter", "getter", "deleter")
        and isinstance(node.value, ast.Name)
        and node.value.id in own
    )


def _root(node: ast.expr) -> Optional[str]:
    """Return the first name of `a.b.c` or `a.b.c(…)`."""
    if isinstance(node, ast.Call):
        node = node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _names(nodes: Sequence[ast.AST]) -> FrozenSet[str]:
    return mentions(nodes) if nodes else frozenset()
