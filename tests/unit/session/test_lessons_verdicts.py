"""Verdicts on a document that is being edited, and of runs that did not report all of them."""

from __future__ import annotations

import pytest

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.messages import CheckVerdict, Ended
from tensorhints.session.lesson_checks import Checks
from tensorhints.session.runs.record import RunRecord
from tensorhints.session.text.documents import Document, Edit, Position
from tensorhints.session.text.tracked_text import TrackedText
from tensorhints.session.verdicts import Verdicts, complete, of_bad_syntax

PATH = "/lesson.py"
CHECKS = Checks("", "checks.py", {"a.shape": ("a",), "b.shape": ("b",)})
WRONG = CheckVerdict(1, "a.shape", "incorrect", "shape", {"name": "a"}, 0)
RIGHT = CheckVerdict(1, "b.shape", "correct", line=1)


@pytest.fixture
def document() -> Document:
    return Document("file:///lesson.py", PATH, "a = 1\nb = 2\n", 1, "python")


@pytest.fixture
def held(document: Document) -> TrackedText:
    return TrackedText(document)


@pytest.fixture
def verdicts(held: TrackedText) -> Verdicts:
    found = Verdicts()
    found.store(CHECKS, (WRONG, RIGHT), held)
    return found


def edit(document: Document, line: int, text: str) -> None:
    end = Position(line, len(document.text.line(line)))
    document.edit([Edit(text, Position(line, 0), end)], document.version + 1)


def lines(verdicts: Verdicts, document: Document) -> dict[str, int | None]:
    return {verdict.check: verdict.line for verdict in verdicts.current(document)}


def test_a_verdict_moves_with_its_line(verdicts: Verdicts, document: Document) -> None:
    edit(document, 0, "# mine\na = 1")
    assert lines(verdicts, document) == {"a.shape": 1, "b.shape": 2}


def test_a_changed_line_has_no_verdict(verdicts: Verdicts, document: Document) -> None:
    edit(document, 0, "a = 3")
    assert lines(verdicts, document) == {"b.shape": 1}
    assert not verdicts.is_current(document)


def test_the_same_code_at_other_lines_keeps_its_verdicts(
    verdicts: Verdicts, held: TrackedText, document: Document
) -> None:
    edit(document, 0, "a = 1  # one")
    held.realign(TrackedText(document))
    assert lines(verdicts, document) == {"a.shape": 0, "b.shape": 1}
    assert verdicts.is_current(document)


def test_verdicts_start_with_the_first_run(document: Document) -> None:
    assert lines(Verdicts(), document) == {}
    assert not Verdicts()


@pytest.mark.parametrize(
    ("outcome", "ended", "verdict"),
    [
        (Outcome.TIMED_OUT, None, "error_in_your_code"),
        (Outcome.TIMED_OUT, Ended(1, 130, 0.5, interrupted=True), "error_in_your_code"),
        (Outcome.CRASHED, None, "error_in_your_code"),
        (Outcome.OUT_OF_MEMORY, None, "error_in_your_code"),
        (Outcome.CRASHED, Ended(1, 0, 0.5), "cannot_check"),
        (Outcome.STOPPED, None, "cannot_check"),
    ],
)
def test_verdicts_that_the_run_did_not_report(
    outcome: Outcome, ended: Ended | None, verdict: str
) -> None:
    record = RunRecord()
    record.ended = ended
    result = RunResult(outcome, stopped_at=(PATH, 7))
    first, second = complete(CHECKS, (), record, result, PATH)
    assert (first.check, first.verdict, second.verdict) == ("a.shape", verdict, verdict)
    assert first.line == (7 if verdict == "error_in_your_code" else None)


def test_a_correct_check_stays_correct_if_other_code_never_ends() -> None:
    result = RunResult(Outcome.TIMED_OUT, stopped_at=(PATH, 0))
    first, second = complete(CHECKS, (WRONG, RIGHT), RunRecord(), result, PATH)
    assert (first.verdict, second.verdict) == ("error_in_your_code", "correct")


def test_reported_verdicts_are_kept() -> None:
    record = RunRecord()
    record.on_message(WRONG)
    first, second = complete(CHECKS, (), record, RunResult(Outcome.FINISHED), PATH)
    assert first == WRONG
    assert second.verdict == "cannot_check"


def test_checks_without_a_verdict_fail_with_the_syntax_error() -> None:
    first, second = of_bad_syntax(CHECKS, (RIGHT,), "'[' was never closed", 0)
    assert (first.verdict, first.line) == ("error_in_your_code", 0)
    assert second == RIGHT
