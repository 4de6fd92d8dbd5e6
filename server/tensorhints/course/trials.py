"""The files of a lesson to run, and whether the results are as they must be.

Runs nothing itself: the caller runs each trial with the lesson's checks and passes the result in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tensorhints.model.verdicts import CANNOT_CHECK, CORRECT, ERROR_IN_YOUR_CODE, INCORRECT

from . import verdicts
from .format import CHALLENGE, AuthoringIssue, Lesson, Step
from .verdicts import Verdict

STARTER = "starter"
SOLUTION = "solution"
MISTAKE = "mistake"

_TRIPS = re.compile(r"#[ \t]*trips:[ \t]*(\S+)[ \t]*")


@dataclass(frozen=True)
class Trial:
    """One file to run with `checks`. `trips` is the check that a mistake must fail."""

    lesson: Lesson
    kind: str
    path: Path
    checks: Path
    trips: str | None = None


@dataclass(frozen=True)
class Ended:
    """The end of a trial's program. `problem` is the reason for a failure, at `line`, or None."""

    verdicts: Sequence[Verdict]
    problem: str | None = None
    line: int = 0


def trips(text: str) -> str | None:
    """Return the check that a mistake's first line names: `# trips: row.shape`."""
    match = _TRIPS.fullmatch(text.partition("\n")[0].rstrip("\r"))
    return match[1] if match else None


def of_lesson(lesson: Lesson) -> tuple[Trial, ...]:
    """Return the trials of a lesson: every file with every file of checks that concerns it."""
    trials: list[Trial] = []
    files = dict.fromkeys(step.checks_file for step in lesson.steps if step.checks_file)
    for checks in files:
        trials.append(Trial(lesson, STARTER, lesson.file, checks))
        trials += [Trial(lesson, SOLUTION, path, checks) for path in lesson.solutions()]
        known = {id_ for s in lesson.steps if s.checks_file == checks for id_ in s.checks}
        for path in lesson.mistakes():
            id_ = trips(path.read_text(encoding="utf-8"))
            if id_ in known:
                trials.append(Trial(lesson, MISTAKE, path, checks, id_))
    return tuple(trials)


def judge(trial: Trial, ended: Ended) -> list[AuthoringIssue]:
    """Return what is wrong with the lesson according to the result of one trial."""
    issues = [
        AuthoringIssue(
            trial.checks,
            _line_of_fault(each),
            "check-failed",
            {"id": each.check, "detail": _details(each)},
        )
        for each in ended.verdicts
        if each.verdict == CANNOT_CHECK
    ]
    if issues:
        return issues
    if trial.kind == STARTER:
        return _judged_starter(trial, ended)
    if trial.kind == SOLUTION:
        return _judged_solution(trial, ended)
    return _judged_mistake(trial, ended)


def _judged_starter(trial: Trial, ended: Ended) -> list[AuthoringIssue]:
    def judged(step: Step, verdict: Verdict) -> AuthoringIssue | None:
        if verdict.verdict == CORRECT:
            return AuthoringIssue(trial.path, 0, "starter-passes", {"step": step.id})
        if verdict.verdict == ERROR_IN_YOUR_CODE:
            fields = {"file": trial.path.name, "detail": _details(verdict)}
            return AuthoringIssue(trial.path, verdict.line or 0, "does-not-run", fields)
        return None

    return _judged_steps(trial, ended, judged)


def _judged_solution(trial: Trial, ended: Ended) -> list[AuthoringIssue]:
    def judged(step: Step, verdict: Verdict) -> AuthoringIssue | None:
        if verdict.verdict == CORRECT:
            return None
        fields = {"id": verdict.check, "detail": _details(verdict)}
        return AuthoringIssue(trial.path, verdict.line or 0, "solution-not-accepted", fields)

    return _judged_steps(trial, ended, judged)


def _judged_steps(
    trial: Trial, ended: Ended, judged: Callable[[Step, Verdict], AuthoringIssue | None]
) -> list[AuthoringIssue]:
    """Judge each step that the trial's checks belong to."""
    if ended.problem is not None:
        return [_did_not_run(trial, ended)]
    issues: list[AuthoringIssue | None] = []
    for step in trial.lesson.steps:
        if step.kind == CHALLENGE and step.checks_file == trial.checks:
            verdict = verdicts.of_step(step, ended.verdicts)
            if verdict is None:
                issues.append(AuthoringIssue(trial.path, 0, "no-verdict", {"step": step.id}))
            else:
                issues.append(judged(step, verdict))
    return [issue for issue in issues if issue is not None]


def _judged_mistake(trial: Trial, ended: Ended) -> list[AuthoringIssue]:
    """Expect the named check to be the first, in the course's order, that fails."""
    by_check = {verdict.check: verdict for verdict in ended.verdicts}
    order = [id_ for step in trial.lesson.steps for id_ in step.checks]
    wanted = trial.trips or ""
    for id_ in order:
        verdict = by_check.get(id_)
        if verdict is not None and verdict.verdict in (INCORRECT, ERROR_IN_YOUR_CODE):
            if id_ == wanted:
                return []
            fields = {"wanted": wanted, "id": id_, "detail": _details(verdict)}
            return [AuthoringIssue(trial.path, verdict.line or 0, "trips-another", fields)]
    if ended.problem is not None:
        return [_did_not_run(trial, ended)]
    return [AuthoringIssue(trial.path, 0, "trips-nothing", {"wanted": wanted})]


def _did_not_run(trial: Trial, ended: Ended) -> AuthoringIssue:
    fields = {"file": trial.path.name, "detail": ended.problem or ""}
    return AuthoringIssue(trial.path, ended.line, "does-not-run", fields)


def _line_of_fault(verdict: Verdict) -> int:
    """Return the line in the checks' own file: the runner reports it as `checks.py:12`."""
    number = verdict.fields.get("at", "").rpartition(":")[2]
    return int(number) - 1 if number.isdecimal() and int(number) > 0 else 0


def _details(verdict: Verdict) -> str:
    """Return what a check found as data for an author, not as a sentence for a learner."""
    fields = ", ".join(f"{name} {value}" for name, value in verdict.fields.items())
    return " ".join(filter(None, [verdict.verdict, verdict.kind, f"({fields})" if fields else ""]))
