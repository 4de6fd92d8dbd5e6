"""The process that jedi works in: a question per line in, its answers per line out, as JSON.

Started by `reader`. A text on which jedi fails has no answers.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import jedi

from . import parse_cache
from .questions import (
    BINDINGS,
    COMPLETE,
    DEFINITIONS,
    REFERENCES,
    SIGNATURES,
    SYMBOLS,
    Answer,
    Completion,
    Location,
    Question,
    Signature,
    Symbol,
    line_of_answers,
    question_of,
)

_COMPLETIONS = 2000
_DOCUMENTATION = 4000
_OUTLINED = frozenset(("class", "function", "property", "statement", "instance"))


def main() -> None:
    """Answer the questions on standard input until it is closed."""
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    # Nothing that jedi prints may be read as an answer.
    os.dup2(2, 1)
    parse_cache.use(parse_cache.default_folder())
    if hasattr(os, "nice"):
        os.nice(5)
    for line in incoming:
        question = question_of(line)
        _update_buffers(question)
        try:
            answers = list(_HANDLERS[question.kind](question))
        except (Exception, RecursionError) as error:
            sys.stderr.write(f"{question.kind}: {type(error).__name__}: {error}\n")
            answers = []
        outgoing.write(line_of_answers(answers))
        outgoing.flush()


def _update_buffers(question: Question) -> None:
    """Pass the texts of the other open files to jedi.

    It remembers each text until the file itself changes, and reads a file that has no text.
    """
    for path, text in question.buffers.items():
        try:
            _script(question, path, text)
        except (Exception, RecursionError) as error:
            sys.stderr.write(f"{path}: {type(error).__name__}: {error}\n")


def _script(question: Question, path: str, text: str | None) -> jedi.Script:
    return jedi.Script(
        text,
        path=path,
        project=_project(question.roots, question.interpreter),
        environment=_environment(question.interpreter),
    )


def _script_of(question: Question) -> jedi.Script:
    return _script(question, question.path, question.text)


@lru_cache(8)
def _project(roots: tuple[str, ...], interpreter: str | None) -> jedi.Project:
    path = roots[0] if roots else "."
    if interpreter is None:
        return jedi.Project(path, sys_path=list(roots), smart_sys_path=False)
    return jedi.Project(path, added_sys_path=roots, smart_sys_path=False)


@lru_cache(8)
def _environment(interpreter: str | None) -> Any:
    if interpreter is None:
        return jedi.InterpreterEnvironment()
    return jedi.create_environment(interpreter, safe=False)


def _position(question: Question) -> tuple[int, int]:
    return question.line + 1, question.column


def _complete(question: Question) -> Iterable[Answer]:
    found = _script_of(question).complete(*_position(question))
    return [Completion(name.name, name.type) for name in found[:_COMPLETIONS]]


def _signatures(question: Question) -> Iterable[Answer]:
    for signature in _script_of(question).get_signatures(*_position(question)):
        text = signature.to_string()
        parameters: list[tuple[int, int]] = []
        start = 0
        for parameter in signature.params:
            shown = parameter.to_string()
            start = text.find(shown, start)
            if start < 0:
                parameters.clear()
                break
            parameters.append((start, start + len(shown)))
            start += len(shown)
        documentation = signature.docstring(raw=True)[:_DOCUMENTATION]
        yield Signature(text, tuple(parameters), signature.index, documentation)


def _definitions(question: Question) -> Iterable[Answer]:
    script = _script_of(question)
    found = script.goto(*_position(question), follow_imports=True, follow_builtin_imports=True)
    return _locations(found, question.path)


def _bindings(question: Question) -> Iterable[Answer]:
    return _locations(
        _script_of(question).goto(*_position(question), follow_imports=True), question.path
    )


def _references(question: Question) -> Iterable[Answer]:
    found = _script_of(question).get_references(*_position(question), include_builtins=False)
    return _locations(found, question.path)


def _locations(names: Iterable[Any], path: str) -> Iterable[Answer]:
    for name in names:
        if name.line is not None:
            file = str(name.module_path or path)
            yield Location(file, name.line - 1, name.column, name.name, name.is_definition())


def _symbols(question: Question) -> Iterable[Answer]:
    for name in _script_of(question).get_names(all_scopes=True, definitions=True):
        start, end = name.get_definition_start_position(), name.get_definition_end_position()
        if name.type not in _OUTLINED or start is None or end is None:
            continue
        depth = _depth(name)
        if depth is not None:
            yield Symbol(
                name.name, name.type,
                start[0] - 1, start[1], end[0] - 1, end[1], name.line - 1, name.column,
                depth,
            )  # fmt: skip


def _depth(name: Any) -> int | None:
    """Return the number of enclosing definitions, or None for a local variable of a function.

    An outline lists what other code can use.
    """
    depth, parent = 0, name.parent()
    while parent is not None and parent.type != "module":
        if parent.type == "function" and name.type not in ("function", "class"):
            return None
        depth, parent = depth + 1, parent.parent()
    return depth


_HANDLERS: dict[str, Callable[[Question], Iterable[Answer]]] = {
    COMPLETE: _complete,
    SIGNATURES: _signatures,
    DEFINITIONS: _definitions,
    BINDINGS: _bindings,
    REFERENCES: _references,
    SYMBOLS: _symbols,
}

if __name__ == "__main__":
    main()
