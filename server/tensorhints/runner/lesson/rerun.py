"""Executes the learner's code once more, on the values that a check's `vary` makes."""

from __future__ import annotations

import ast
import builtins
import random
import sys
import types
from typing import Any, Dict, List, Optional, Tuple

import torch

from .bindings import Bindings
from .declared import DeclaredCheck, LoadedCheck

# Lessons do not seed with this number, so that varied values never equal what the learner drew.
_SEED = 715_827_883


def reset_global_state() -> None:
    """Restore the default dtype, device and gradient mode, and seed every random generator."""
    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_grad_enabled(True)
    torch.manual_seed(_SEED)
    random.seed(_SEED)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(_SEED % 2**32)


class Rerun:
    """Executes the statements of a program in a new namespace.

    `end` is the index of the statement that raised when the program ran, or the number of all
    statements: nothing from there on is executed.
    """

    def __init__(self, tree: ast.Module, bindings: Bindings, path: str, end: int) -> None:
        self._tree = tree
        self._bindings = bindings
        self._path = path
        self._end = end
        self._futures: List[ast.stmt] = [
            statement
            for statement in tree.body
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        ]

    def arguments(
        self, declared: DeclaredCheck, check: LoadedCheck, answers: Tuple[str, ...]
    ) -> Dict[str, Any]:
        """Return the arguments for a check, after running the learner's code on varied values.

        A varied value replaces what the statement binds that gave the name its input. The code runs
        to its end, since an answer may be changed in place long after it was bound. An exception
        after the last binding of an answer is ignored: that code need not suit these values.
        """
        given, kept = _made(check), _made(check)
        namespace = self._new_main_namespace()
        replaced_at = self._insert(given, namespace, self._bindings.first_answer(answers))
        last = self._bindings.last(answers)
        reset_global_state()
        for index in range(self._end):
            try:
                self._execute(index, replaced_at.get(index, []), given, namespace)
            except (Exception, SystemExit):
                if last is None or index <= last:
                    raise
                break
        arguments = {name: namespace[name] for name in declared.needs if name in namespace}
        for name in set(declared.needs) & set(given):
            arguments[name] = _with_gradient(kept[name], given[name])
        return arguments

    def _insert(
        self, given: Dict[str, Any], namespace: Dict[str, Any], first_answer: Optional[int]
    ) -> Dict[int, List[str]]:
        """Return which names each statement must not bind; put all others into the namespace."""
        replaced_at: Dict[int, List[str]] = {}
        for name in given:
            source = None if first_answer is None else self._bindings.source(name, first_answer)
            if source is None:
                namespace[name] = given[name]
            else:
                replaced_at.setdefault(source, []).append(name)
        return replaced_at

    def _execute(
        self, index: int, names: List[str], given: Dict[str, Any], namespace: Dict[str, Any]
    ) -> None:
        """Execute one statement, then overwrite `names` with the values given for them."""
        targets = self._bindings.plain_targets(index)
        if len(names) == 1 and targets is not None and names[0] in targets:
            namespace.update((target, given[names[0]]) for target in targets)
            return
        body = [*self._futures, self._tree.body[index]]
        exec(
            compile(ast.Module(body, []), self._path, "exec", dont_inherit=True),
            namespace,
        )
        namespace.update((name, given[name]) for name in names)

    def _new_main_namespace(self) -> Dict[str, Any]:
        main = types.ModuleType("__main__")
        main.__dict__.update(__file__=self._path, __builtins__=builtins, __annotations__={})
        sys.modules["__main__"] = main
        return main.__dict__


def _made(check: LoadedCheck) -> Dict[str, Any]:
    reset_global_state()
    return {name: make() for name, make in check.vary.items()}


def _with_gradient(kept: Any, given: Any) -> Any:
    """Return the unchanged copy of a given value, with the gradient that the learner's code left.

    The learner's code may have changed the value itself in place. A gradient from its backward pass
    belongs to the answer.
    """
    try:
        if isinstance(kept, torch.Tensor) and given.is_leaf and given.grad is not None:
            kept.grad = given.grad
    except Exception:
        pass  # A subclass may refuse it: the copy is checked without a gradient.
    return kept
