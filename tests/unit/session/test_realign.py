"""Two texts with the same code: every location moves with its expression."""

from __future__ import annotations

import ast
import io
import tokenize
import unicodedata
from pathlib import Path

import pytest

from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.runner.instrument.instrument import Instrumenter
from tensorhints.runner.instrument.probe_registry import ProbeRegistry
from tensorhints.runner.syntax.program import Program, parse
from tensorhints.session.text.documents import Text
from tensorhints.session.text.realign import Realignment


def location_of(source: str, name: str) -> HintLocation:
    line = next(i for i, text in enumerate(Text(source).lines) if name in text)
    column = Text(source).line(line).index(name)
    end = column + len(name)
    return HintLocation(
        1, "/a.py", TARGET, name, Span(line, column, line, end), line, end, line, line
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("xx = 1\n", "xx = 1  # a comment\n"),
        ("xx = 1\n", "# above\n\nxx = 1\n"),
        ("xx=f(1,2)\n", "xx = f(\n    1,\n    2,\n)\n"),
        ("if a:\n  xx = 1\n", "if a:\n    xx = 1\n"),
        ("s = '😀'; xx = 1\n", "s = '😀';   xx = 1\n"),
        ("def f(xx: int): pass\n", "def f(\n    xx: int,\n): pass\n"),
    ],
)
def test_a_location_moves_with_its_expression(old: str, new: str) -> None:
    moved = Realignment(Text(old), Text(new)).location(location_of(old, "xx"))
    assert moved is not None
    assert moved.span == location_of(new, "xx").span
    assert (moved.line, moved.column) == (moved.span.end_line, moved.span.end_column)


@pytest.mark.parametrize("new", ["xx = ", "yy = 1\nxx = 1\n", ""])
def test_other_code_does_not_get_a_wrong_location(new: str) -> None:
    moved = Realignment(Text("xx = 1\n"), Text(new)).location(location_of("xx = 1\n", "xx"))
    assert moved is None or Text(new).line(moved.span.line)[moved.span.column :].startswith("xx")


# ---- every location of every corpus program, through edits of its layout -------------------------

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
PROGRAMS = sorted(
    path for path in CORPUS.rglob("*.py") if path.name not in ("latin1_cookie.py", "exits.py")
)

LAYOUTS = """\
def f(
    aa,
    bb: int,
    *cc,
    dd=1,
):
    return (
        aa
    )

for ee in (
    [1],
    [2],
):
    ff = ee
with (
    open(f.__module__)
) as gg: pass
match f:
    case [hh, *ii]:
        pass
    case {"k": jj, **kk} if (
        ll := 3
    ):
        pass
    case int(
        real=mm
    ) as nn:
        pass
    case oo: pp = 1; qq = 2
rr = [ss for ss in (
    1, 2)]
tt = lambda uu, vv: (
    uu)
ww.real = ww["k"] = (
    ff
    .gg()
)
"""


def locations_of(source: str) -> list[HintLocation]:
    program = parse(str(CORPUS / "program.py"), source)
    assert isinstance(program, Program)
    registry = ProbeRegistry()
    Instrumenter(program.path, program.lines, registry).module(program.tree)
    return [probe.location for probe in registry.probes if probe.location is not None]


def with_comments(text: str) -> str:
    """Write a comment at the end of every line where that changes no code."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    ends = {token.start for token in tokens if token.type in (tokenize.NEWLINE, tokenize.NL)}
    lines = text.split("\n")
    for row, column in ends:
        lines[row - 1] = f"{lines[row - 1][:column]}  # {row}{lines[row - 1][column:]}\n"
    return "\n".join(lines)


def reformatted(text: str) -> str:
    """Write every statement in another layout, with other brackets and quotes."""
    return "# above\n\n" + ast.unparse(ast.parse(text))


@pytest.mark.parametrize("path", [*PROGRAMS, None], ids=lambda path: path and path.stem)
def test_comments_and_blank_lines_everywhere_lose_no_location(path: Path | None) -> None:
    source = LAYOUTS if path is None else path.read_text("utf-8").removeprefix("\ufeff")
    new = with_comments(source)
    realignment = Realignment(Text(source), Text(new))
    for location, wanted in zip(locations_of(source), locations_of(new), strict=True):
        moved = realignment.location(location)
        assert moved is not None, location
        assert (moved.span, moved.line, moved.column) == (wanted.span, wanted.line, wanted.column)
        assert moved.statement_line <= wanted.statement_line, location
        assert moved.statement_end >= wanted.statement_end, location


@pytest.mark.parametrize("path", [*PROGRAMS, None], ids=lambda path: path and path.stem)
def test_another_layout_loses_no_location(path: Path | None) -> None:
    source = LAYOUTS if path is None else path.read_text("utf-8").removeprefix("\ufeff")
    new = Text(reformatted(source))
    realignment = Realignment(Text(source), new)
    for location in locations_of(source):
        moved = realignment.location(location)
        assert moved is not None, location
        if location.name.isidentifier():
            found = new.line(moved.span.line)[moved.span.column : moved.span.end_column]
            assert found == unicodedata.normalize("NFKC", location.name)
            assert location.annotated or moved.column == moved.span.end_column
