"""The report that `run` prints about a finished run."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from tensorhints.cli.json_report import as_json
from tensorhints.cli.source import Source
from tensorhints.cli.text_report import write_report
from tensorhints.cli.watch import Report
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.cells import Cell
from tensorhints.model.failures import Failure, Frame, SyntaxProblem
from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.model.messages import (
    Failed,
    HintLocations,
    InstrumentedFile,
    NewSignature,
    Rejected,
)
from tensorhints.model.user_messages import UserMessage
from tensorhints.model.values import Sequence, Tensor, Value
from tensorhints.session.runs.record import RunRecord

SOURCE = Source("/p/a.py", "𝔽 = f()\ny = g(𝔽)\n")
F32 = Tensor((2, 3), "float32", "cpu")
I64 = Tensor((2,), "int64", "cpu", requires_grad=False)
FINISHED = RunResult(Outcome.FINISHED, 0, seconds=0.0124, device="cpu")


def location(number: int, line: int, column: int, path: str = SOURCE.path) -> HintLocation:
    span = Span(line, column - 1, line, column)
    return HintLocation(number, path, TARGET, "x", span, line, column, line, line)


def record(*values: Value) -> RunRecord:
    collected = RunRecord()
    collected.on_message(InstrumentedFile(1, SOURCE.path, "00"))
    collected.on_message(HintLocations(1, (location(0, 0, 1), location(1, 1, 1))))
    for number, value in enumerate(values):
        collected.on_message(NewSignature(1, number, value, 1))
    return collected


def printed(report: Report, locale: str = "en") -> list[str]:
    paper = io.StringIO()
    write_report(report, Console(file=paper, color_system=None, width=60), locale)
    return [line.rstrip() for line in paper.getvalue().splitlines()]


def raised_at(*frames: tuple[str, int]) -> RunResult:
    shown = tuple(
        Frame(path, "<module>", Span(line, 4, line, 8), "y = g(𝔽)") for path, line in frames
    )
    path, span = shown[-1].path, shown[-1].span
    failure = Failure("ValueError", "no good", path, span, shown, None, ())
    return RunResult(Outcome.FAILED, 1, failure=failure, device="cpu")


def test_the_source_is_printed_with_its_hints_and_the_outcome() -> None:
    lines = printed(Report(SOURCE, record(F32, I64), FINISHED))
    assert lines[1:3] == ["1 │ 𝔽: f32[2,3] cpu = f()", "2 │ y: i64[2] cpu = g(𝔽)"]
    assert lines[-1] == "✓ finished in 12 ms · auto"


def test_the_end_is_reported_in_the_users_language() -> None:
    assert printed(Report(SOURCE, record(), FINISHED), "pt-BR")[-1] == "✓ terminou em 12 ms · auto"


def test_a_failure_is_explained_under_its_line() -> None:
    lines = printed(Report(SOURCE, record(F32), raised_at((SOURCE.path, 1))))
    assert lines[2:4] == ["2 │ y = g(𝔽)", "  │     ^^^^"]
    assert "ValueError" in lines[4]
    assert not lines[5], "torch's own message is printed once if there is no other explanation"
    assert "no good" in lines[4]
    assert lines[-1].startswith("✗ failed at line 2")


def test_a_failure_in_a_module_is_explained_under_the_line_that_led_there() -> None:
    lines = printed(Report(SOURCE, record(), raised_at((SOURCE.path, 1), ("/p/b.py", 6))))
    assert lines[3] == "  │     ^^^^"
    assert any("/p/b.py:7" in line for line in lines[5:])


def test_a_failure_without_a_line_here_is_reported_after_the_source() -> None:
    lines = printed(Report(SOURCE, record(), raised_at(("/p/b.py", 6))))
    assert not any("^" in line for line in lines)
    assert any("no good" in line for line in lines[3:])


def test_a_syntax_error_is_marked_where_python_saw_it() -> None:
    problem = SyntaxProblem(SOURCE.path, "invalid syntax", Span(1, 4, 1, 5))
    rejected = Rejected(1, "syntax", problem)
    result = RunResult(Outcome.REFUSED, user_message=UserMessage("syntax"), rejected=rejected)
    report = Report(SOURCE, record(), result)
    assert printed(report)[3:5] == ["  │     ^", "  │     SyntaxError: invalid syntax"]
    assert report.exit_status == 1


def test_a_program_that_was_stopped_shows_the_line_that_it_was_on() -> None:
    result = RunResult(
        Outcome.TIMED_OUT, user_message=UserMessage("timed-out", "2"), stopped_at=(SOURCE.path, 1)
    )
    lines = printed(Report(SOURCE, record(), result))
    assert lines[3] == "  │ ^^^^^^^^"
    assert "--timeout" in lines[4]


def test_other_files_with_hints_are_named_in_one_line() -> None:
    collected = record(F32)
    collected.on_message(HintLocations(1, (location(7, 0, 1, "/p/b.py"),)))
    collected.on_message(NewSignature(1, 7, F32, 1))
    assert printed(Report(SOURCE, collected, FINISHED))[-1].endswith("/p/b.py (1)")


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (FINISHED, 0),
        (RunResult(Outcome.FAILED, 1), 1),
        (RunResult(Outcome.CRASHED, signal=11), 1),
        (RunResult(Outcome.TIMED_OUT), 3),
        (RunResult(Outcome.OUT_OF_MEMORY), 3),
        (RunResult(Outcome.REFUSED, user_message=UserMessage("no-torch")), 2),
    ],
)
def test_the_exit_status_depends_on_the_outcome(result: RunResult, status: int) -> None:
    assert Report(SOURCE, record(), result).exit_status == status


def test_json_has_the_same_with_positions_in_utf_16() -> None:
    report = json.loads(as_json(Report(SOURCE, record(F32), FINISHED), "en"))
    assert report == {
        "file": SOURCE.path,
        "device": "cpu",
        "outcome": "finished",
        "elapsed_ms": 12,
        "hints": [
            {
                "line": 0,
                "character": 2,
                "label": ": f32[2,3] cpu",
                "values": [
                    {
                        "shape": [2, 3],
                        "dtype": "float32",
                        "device": "cpu",
                        "requires_grad": False,
                        "count": 1,
                    }
                ],
            }
        ],
        "failure": None,
        "output": "",
    }


def test_json_lists_the_tensors_inside_a_container() -> None:
    pair = Sequence("tuple", 2, (F32, I64))
    report = json.loads(as_json(Report(SOURCE, record(pair), FINISHED), "en"))
    assert [value["shape"] for value in report["hints"][0]["values"]] == [[2, 3], [2]]


def test_json_has_the_failure_with_its_location_and_call_stack() -> None:
    report = json.loads(as_json(Report(SOURCE, record(), raised_at((SOURCE.path, 1))), "en"))
    failure = report["failure"]
    assert (failure["exception"], failure["message"]) == ("ValueError", "no good")
    assert (failure["line"], failure["character"], failure["end_character"]) == (1, 4, 9)
    assert len(failure["frames"]) == 1


def test_json_has_the_reason_for_a_stop() -> None:
    result = RunResult(
        Outcome.TIMED_OUT, user_message=UserMessage("timed-out", "2"), stopped_at=(SOURCE.path, 1)
    )
    report = json.loads(as_json(Report(SOURCE, record(), result), "en"))
    assert report["outcome"] == "timedOut"
    assert report["failure"]["line"] == 1


BOOK = Source(
    "/p/b.ipynb",
    "pass\nx = f()\ng(x)\nh()",
    (Cell(1, 0), Cell(2, 2)),
    ("%time", "x = f()", "g(x)", "h()"),
)


def failure_in_book(line: int, *, expected: bool = False) -> Failed:
    span = Span(line, 0, line, 3)
    frames = (Frame(BOOK.path, "<module>", span, "…"),)
    failure = Failure("ValueError", "no good", BOOK.path, span, frames, None, ())
    return Failed(1, failure, expected)


def book_report(*failures: Failed, locale: str = "en") -> Report:
    collected = RunRecord()
    collected.on_message(InstrumentedFile(1, BOOK.path, "00"))
    collected.on_message(HintLocations(1, (location(0, 1, 1, BOOK.path),)))
    collected.on_message(NewSignature(1, 0, F32, 1))
    for failed in failures:
        collected.on_message(failed)
    return Report(BOOK, collected, RunResult(Outcome.FAILED, 1, failure=collected.failure))


def test_a_notebook_is_printed_cell_by_cell_with_every_failure() -> None:
    report = book_report(failure_in_book(1, expected=True), failure_in_book(3))
    lines = printed(report)
    assert lines[1:10] == [
        "cell 1",
        "1 │ %time",
        "2 │ x: f32[2,3] cpu = f()",
        "  │ ^^^^^^^^^^^^^^^^^",
        "  │ Expected, as the cell is tagged raises-exception: ValueError: no good",
        "cell 2",
        "1 │ g(x)",
        "2 │ h()",
        "  │ ^^^",
    ]
    assert lines[-1].startswith("✗ failed at line 2 of cell 2 · ")
    assert printed(report, "pt-BR")[-1].startswith("✗ falhou na linha 2 da célula 2 · ")


def test_json_has_the_cell_of_each_position() -> None:
    found = json.loads(
        as_json(book_report(failure_in_book(1, expected=True), failure_in_book(3)), "en")
    )
    (hint,) = found["hints"]
    assert (hint["cell"], hint["line"]) == (1, 1)
    positions = [(each["cell"], each["line"], each["expected"]) for each in found["failures"]]
    assert positions == [(1, 1, True), (2, 1, False)]
    failure = found["failure"]
    assert (failure["cell"], failure["line"], failure["end_line"]) == (2, 1, 1)
    assert failure["frames"][0]["cell"] == 2
