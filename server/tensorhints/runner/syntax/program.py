"""Parses a text with the user's own Python: a program, or the problem that Python has with it.

It does not import torch and executes nothing.
"""

from __future__ import annotations

import ast
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple, Union

from ...model.failures import SyntaxProblem
from ...model.locations import Span
from ...model.source_text import LINE_END
from . import notebook

_NAME = re.compile(r"\w+")
_NAME_BEFORE = re.compile(r"\w+$")
_BOM = "\ufeff"


class Lines:
    """The lines of a text, and the conversion of positions.

    Syntax trees count lines from 1 and columns in UTF-8 bytes. The result of every method counts
    lines from 0 and columns in code points.
    """

    def __init__(self, text: str) -> None:
        self._starts_with_bom = text.startswith(_BOM)
        self.lines: List[str] = LINE_END.split(text[1:] if self._starts_with_bom else text)
        self._kept_builtins: Dict[str, bool] = {}

    def position(self, lineno: int, offset: int) -> Tuple[int, int]:
        """Convert a position of the syntax tree."""
        line = lineno - 1
        column = offset
        if 0 <= line < len(self.lines) and not self.lines[line].isascii():
            column = len(
                self.lines[line]
                .encode("utf-8", "surrogatepass")[:offset]
                .decode("utf-8", "replace")
            )
        if line == 0 and self._starts_with_bom:
            column += 1
        return line, column

    def span(self, node: Union[ast.expr, ast.stmt, ast.arg]) -> Span:
        """Convert the extent of a node."""
        end_lineno = node.end_lineno if node.end_lineno is not None else node.lineno
        end_offset = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return Span(
            *self.position(node.lineno, node.col_offset), *self.position(end_lineno, end_offset)
        )

    def identifier(self, lineno: int, offset: int, ends: bool = False) -> str:
        """Return the name that begins (or `ends`) at a tree position, before normalisation."""
        line = self.lines[lineno - 1].encode("utf-8", "surrogatepass")
        if ends:
            found = _NAME_BEFORE.search(line[:offset].decode("utf-8", "replace"))
        else:
            found = _NAME.match(line[offset:].decode("utf-8", "replace"))
        return found.group() if found else ""

    def keeps_builtin(self, name: str) -> bool:
        """Whether a name means Python's own function wherever this text calls it.

        False as soon as the text does anything else with the name than to call it.
        """
        kept = self._kept_builtins.get(name)
        if kept is None:
            other = re.compile(
                rf"(?<![\w.]){name}\b(?!\s*\()|\b(?:def|class)\s+{name}\b"
                r"|\bimport\s*\(?\s*\*|\bbuiltins\b"
            )
            kept = self._kept_builtins[name] = not any(map(other.search, self.lines))
        return kept

    def segment(self, node: Union[ast.expr, ast.stmt]) -> str:
        """Return the source of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        if node.lineno == node.end_lineno:
            line = self.lines[node.lineno - 1].encode("utf-8", "surrogatepass")
            return line[node.col_offset : node.end_col_offset].decode("utf-8", "replace")
        first = self.lines[node.lineno - 1].encode("utf-8", "surrogatepass")[node.col_offset :]
        last = self.lines[node.end_lineno - 1].encode("utf-8", "surrogatepass")
        parts = [first.decode("utf-8", "replace")]
        parts += self.lines[node.lineno : node.end_lineno - 1]
        parts.append(last[: node.end_col_offset].decode("utf-8", "replace"))
        return "\n".join(parts)


@dataclass(frozen=True)
class Program:
    """A text that Python accepts, as it stands in the editor.

    Positions in `tree` are those of the text without a BOM. `warns`: compiling it makes Python
    warn, which the run has to repeat. `awaits`: its top level does, as a notebook's may.
    """

    path: str
    text: str
    tree: ast.Module
    lines: Lines
    warns: bool = False
    awaits: bool = False

    @property
    def source(self) -> str:
        """The text without a BOM."""
        return self.text[1:] if self.text.startswith(_BOM) else self.text

    def linecache_lines(self) -> List[str]:
        """The lines as `linecache` keeps them, each with its line end."""
        lines = self.lines.lines
        return [line + "\n" for line in (lines if lines[-1] else lines[:-1])]


def parse(path: str, text: str) -> Union[Program, SyntaxProblem]:
    """Parse a text; return the problem if Python rejects it."""
    lines = Lines(text)
    source = text[1:] if text.startswith(_BOM) else text
    with _recorded_warnings() as caught:
        try:
            tree, awaits = read(path, source)
        except SyntaxError as error:
            return SyntaxProblem(path, error.msg or "invalid syntax", _problem_span(lines, error))
        except (ValueError, UnicodeError, RecursionError, MemoryError, OverflowError) as error:
            return SyntaxProblem(path, _reason(error), Span(0, 0, 0, 0))
    return Program(path, text, tree, lines, warns=bool(caught), awaits=awaits)


def read(path: str, source: str) -> Tuple[ast.Module, bool]:
    """Return the tree of a text without a BOM, and whether its top level awaits.

    Warns and raises as Python does when it compiles the text.
    """
    tree = ast.parse(source, path)
    # Only the compiler finds a `return` outside a function or a late `__future__` import.
    code = compile(tree, path, "exec", flags=notebook.flags(path), dont_inherit=True)
    return tree, notebook.awaits(code)


@contextmanager
def _recorded_warnings() -> Iterator[List[object]]:
    """Record the warnings inside a `with` block.

    `warnings.catch_warnings` would make Python forget which warnings of a program it has shown: a
    resumed run would show them again.
    """
    names = vars(warnings)
    noted: List[object] = []
    instead = {"filters": [("always", None, Warning, None, 0)], "_showwarnmsg": noted.append}
    before = {name: names[name] for name in instead}
    names.update(instead)
    try:
        yield noted
    finally:
        names.update(before)


def same_code(old: Program, new: Program) -> bool:
    """Whether two texts are the same program: only comments, blank lines or layout differ."""
    if len(old.tree.body) != len(new.tree.body):
        return False
    return all(
        _segment(old, before) == _segment(new, after) or ast.dump(before) == ast.dump(after)
        for before, after in zip(old.tree.body, new.tree.body)
    )


def _segment(program: Program, statement: ast.stmt) -> List[str]:
    first = statement.lineno
    for decorator in getattr(statement, "decorator_list", ()):
        first = min(first, decorator.lineno)
    return program.lines.lines[first - 1 : statement.end_lineno]


def _reason(error: BaseException) -> str:
    if isinstance(error, (RecursionError, MemoryError)):
        return "too deeply nested for Python to parse"
    return str(error)


def _problem_span(lines: Lines, error: SyntaxError) -> Span:
    """Convert from `SyntaxError`: lines and columns (code points) from 1, 0 if unknown."""
    line = max((error.lineno or 1) - 1, 0)
    line = min(line, len(lines.lines) - 1)
    start = max((error.offset or 1) - 1, 0)
    end_lineno: Optional[int] = getattr(error, "end_lineno", None)
    end_offset: Optional[int] = getattr(error, "end_offset", None)
    shift = 1 if line == 0 and lines._starts_with_bom else 0
    start = min(start, len(lines.lines[line]))
    if not end_lineno or not end_offset or end_offset < 1 or end_lineno - 1 < line:
        return Span(line, start + shift, line, start + shift + 1)
    end_line = min(end_lineno - 1, len(lines.lines) - 1)
    end = min(end_offset - 1, len(lines.lines[end_line]))
    if (end_line, end) <= (line, start):
        end_line, end = line, start + 1
    return Span(line, start + shift, end_line, end + (shift if end_line == 0 else 0))
