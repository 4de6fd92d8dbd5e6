"""Finds the names that a piece of a program mentions, wherever it may be executed.

The result may be too large, never too small: every name that is used is mentioned.
"""

from __future__ import annotations

import ast
import re
from typing import FrozenSet, Iterable, Iterator, List, Set

from .steps import is_guard

EVERYTHING = "*"
"""Mentioned by code that may use any name of the program without spelling it."""

POSITIONS = "@"
"""Mentioned by code that may read the line on which something stands."""

_REACHES_ANY_NAME = frozenset(
    (
        "__builtins__", "__globals__", "__import__", "__main__", "__subclasses__", "_getframe",
        "_pickle", "breakpoint", "cloudpickle", "copyreg", "currentframe", "dill", "doctest",
        "eval", "exec", "f_back", "f_globals", "f_locals", "fire", "forkserver", "get_objects",
        "get_referents", "get_referrers", "get_type_hints", "getmembers", "getmodule", "globals",
        "import_module", "inspect", "interact", "joblib", "locals", "pdb", "pickle", "pytest",
        "runpy", "set_trace", "setprofile", "settrace", "shelve", "spawn", "sys.modules", "timeit",
        "unittest",
    )
)  # fmt: skip

_GIVES_POSITIONS = frozenset(
    (
        "__code__", "__traceback__", "ast", "cProfile", "co_firstlineno", "compile",
        "detect_anomaly", "exc_info", "exception", "export", "extract_stack", "f_code", "f_lineno",
        "faulthandler",
        "findCaller", "format_exc", "fx", "inspect", "jit", "linecache", "lineno", "print_exc",
        "print_stack", "profile", "profiler", "set_detect_anomaly", "set_logs", "stack_info",
        "tb_frame", "tb_lineno", "tb_next", "traceback", "tracemalloc", "warn", "warn_explicit",
    )
)  # fmt: skip

_REACHES_OTHER_MODULES = _REACHES_ANY_NAME - {
    "__builtins__", "__import__", "eval", "exec", "fire", "globals", "import_module", "locals",
    "timeit",
}  # fmt: skip

_HARMLESS_IN_TEXT = (_REACHES_ANY_NAME | _GIVES_POSITIONS) - {
    "__main__", "findCaller", "forkserver", "lineno", "spawn",
}  # fmt: skip

_NAMESPACE_OF_CALLER = frozenset(("dir", "vars"))
_WORD = re.compile(r"\b[^\W\d]\w*")


def mentions(nodes: Iterable[ast.AST]) -> FrozenSet[str]:
    """Return the names in `nodes`, with `EVERYTHING` or `POSITIONS` if they may be reached."""
    found: Set[str] = set()
    for node in nodes:
        _collect(node, found)
    if found & _REACHES_ANY_NAME:
        found.add(EVERYTHING)
    if found & _GIVES_POSITIONS:
        found.add(POSITIONS)
    return frozenset(found)


def reaches_main(module: ast.Module) -> bool:
    """Whether a module that a program imports may reach the program's own names."""
    # The body of `if __name__ == "__main__":` is not run in a module.
    nodes = [statement for statement in module.body if not is_guard(statement)]
    found: Set[str] = set()
    for node in nodes:
        _collect(node, found)
    return bool(found & _REACHES_OTHER_MODULES)


def spelt(nodes: Iterable[ast.AST]) -> FrozenSet[str]:
    """Return every name that `nodes` load, bind or delete."""
    found: Set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            found |= _own_names(node)
    return frozenset(found)


def stored(nodes: Iterable[ast.AST]) -> FrozenSet[str]:
    """Return the names that `nodes` may bind or delete, in any scope."""
    loaded = (ast.arg, ast.keyword)
    found: Set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            is_load = isinstance(getattr(node, "ctx", None), ast.Load)
            if not is_load and not isinstance(node, loaded):
                found |= _own_names(node)
    return frozenset(found)


def _own_names(node: ast.AST) -> Set[str]:
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.alias):
        return {node.asname or node.name.split(".")[0]}
    names = [getattr(node, field, None) for field in ("name", "rest", "arg")]
    names += getattr(node, "names", ())
    return {name for name in names if isinstance(name, str)}


def _collect(root: ast.AST, found: Set[str]) -> None:
    todo: List[ast.AST] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            found.add(EVERYTHING if node.id in _NAMESPACE_OF_CALLER else node.id)
        elif isinstance(node, ast.Attribute):
            # An attribute is not a name of the program, but it may lead to all of them.
            if node.attr == "modules":
                found.add("sys.modules")
            elif node.attr == "compile" and _is_name(node.value, ("re",)):
                pass
            elif node.attr in _REACHES_ANY_NAME or node.attr in _GIVES_POSITIONS:
                found.add(node.attr)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                found.update(set(_WORD.findall(node.value)) - _HARMLESS_IN_TEXT)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            _collect_import(node, found)
        elif isinstance(node, ast.keyword) and node.arg == "weights_only":
            if not (isinstance(node.value, ast.Constant) and node.value.value is True):
                found.add(EVERYTHING)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            found.update(node.names)
        else:
            # The name of a function, a class, a caught exception or a captured pattern.
            for field in ("name", "rest"):
                name = getattr(node, field, None)
                if isinstance(name, str):
                    found.add(name)
        todo.extend(_parts(node))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children that may mention something."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr == "modules":
            yield called.value  # `net.modules()`: `sys.modules` is never called
        elif not (_is_name(called, _NAMESPACE_OF_CALLER) and node.args):
            yield called
        shown = _is_name(called, ("print",))
        for argument in node.args:
            if shown and isinstance(argument, ast.JoinedStr):
                yield from (p for p in argument.values if not isinstance(p, ast.Constant))
            elif not (shown and isinstance(argument, ast.Constant)):
                yield argument
        yield from node.keywords
        return
    yield from ast.iter_child_nodes(node)


def _collect_import(node: ast.AST, found: Set[str]) -> None:
    """Add the names that an import binds, and dangerous ones that it binds under another name."""
    for alias in node.names:  # type: ignore[attr-defined]
        brought = alias.name.split(".")
        if alias.name == EVERYTHING:
            found.add(EVERYTHING)
        if alias.name == "__main__":
            found.add(alias.name)
        renamed = alias.asname is not None and alias.asname != alias.name
        module = (getattr(node, "module", None) or "").split(".")
        for word in [*(brought if renamed else ()), *module]:
            if word in _REACHES_ANY_NAME or word in _GIVES_POSITIONS:
                found.add(word)
        if isinstance(node, ast.ImportFrom) and alias.name == "modules":
            found.add("sys.modules")
        bound = alias.asname or brought[0]
        if bound not in _REACHES_ANY_NAME and bound not in _GIVES_POSITIONS:
            found.add(bound)


def _is_name(node: ast.expr, names: Iterable[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
