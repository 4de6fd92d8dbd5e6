"""The checks that a checks file declares: read from its syntax tree, or loaded by executing it."""

from __future__ import annotations

import ast
import sys
import types
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import torch

from .expectations import Expectation

_LONGEST_NAME = 60


@dataclass(frozen=True)
class DeclaredCheck:
    """The arguments of a check's decorator `@check(...)`.

    Attributes:
        needs: The names of the program that the check takes as arguments.
        varied: Those names that `vary` makes values for.
    """

    id: str
    needs: Tuple[str, ...]
    varied: Tuple[str, ...]


@dataclass(frozen=True)
class LoadedCheck:
    """A check as code: its function, and by name the functions that make varied values."""

    body: Callable[..., object]
    vary: Mapping[str, Callable[[], Any]]


def declared_checks(text: str) -> List[DeclaredCheck]:
    """Return the checks of a file in order, without executing it.

    Raises:
        SyntaxError: The text is not Python.
        ValueError: An argument of a decorator is not a literal.
    """
    return [
        _declared(decorator)
        for node in ast.parse(text).body
        for decorator in getattr(node, "decorator_list", ())
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "check"
    ]


def _declared(decorator: ast.Call) -> DeclaredCheck:
    keywords = {keyword.arg: keyword.value for keyword in decorator.keywords}
    vary = keywords.get("vary")
    keys = vary.keys if isinstance(vary, ast.Dict) else []
    return DeclaredCheck(
        str(ast.literal_eval(decorator.args[0])) if decorator.args else "",
        tuple(ast.literal_eval(keywords["needs"])) if "needs" in keywords else (),
        tuple(str(ast.literal_eval(key)) for key in keys if key is not None),
    )


def load_checks(text: str, path: str) -> Dict[str, LoadedCheck]:
    """Execute a checks file and return its checks by id. Raises whatever the file raises."""
    found: Dict[str, LoadedCheck] = {}

    def check(
        identity: str,
        needs: Sequence[str] = (),
        vary: Optional[Mapping[str, Callable[[], Any]]] = None,
    ) -> Callable[[Callable[..., object]], Callable[..., object]]:
        def keep(body: Callable[..., object]) -> Callable[..., object]:
            found[identity] = LoadedCheck(body, vary or {})
            return body

        return keep

    arguments = _ExpectArguments(text)

    def expect(value: Any) -> Expectation:
        return Expectation(value, arguments.text_at(sys._getframe(1)))

    module = types.ModuleType("checks")
    module.__dict__.update(check=check, expect=expect, torch=torch, __file__=path)
    exec(compile(text, path, "exec", dont_inherit=True), module.__dict__)
    return found


class _ExpectArguments:
    """The source texts of the arguments of `expect(...)`: they name the values in messages."""

    def __init__(self, text: str) -> None:
        self._calls = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "expect"
            and node.args
        ]

    def text_at(self, caller: types.FrameType) -> str:
        line = caller.f_lineno
        around = [call for call in self._calls if call.lineno <= line <= (call.end_lineno or line)]
        if not around:
            return ""
        return ast.unparse(around[-1].args[0])[:_LONGEST_NAME]
