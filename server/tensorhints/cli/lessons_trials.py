"""Runs a lesson's starter, solutions and known mistakes with its checks, as an editor would."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tensorhints.course.loader import read_text
from tensorhints.course.trials import Ended, Trial
from tensorhints.engine.interpreters import find_interpreter
from tensorhints.engine.pool import Pool
from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.messages import CheckVerdict, FromRun, Run
from tensorhints.model.user_messages import UserMessage

_PATIENCE = 60.0  # seconds for one program; a lesson's takes a fraction of one


class CannotRun(Exception):
    """Raised if no interpreter can run the lessons. `user_message` says what is missing."""

    def __init__(self, user_message: UserMessage) -> None:
        super().__init__(user_message.code)
        self.user_message = user_message


class _Verdicts:
    """Collects verdicts; a `RunListener` of the engine."""

    def __init__(self) -> None:
        self.all: list[CheckVerdict] = []

    def on_message(self, message: FromRun) -> None:
        """Keep a verdict."""
        if isinstance(message, CheckVerdict):
            self.all.append(message)

    def on_output(self, stream: str, text: str) -> None:
        """Ignore output."""


def run_trials(trials: Sequence[Trial]) -> list[tuple[Trial, Ended]]:
    """Run all trials. Raises `InterpreterError`, or `CannotRun` if the interpreter lacks torch."""
    return asyncio.run(_run_all(trials)) if trials else []


async def _run_all(trials: Sequence[Trial]) -> list[tuple[Trial, Ended]]:
    interpreter = find_interpreter(None, Path.cwd()).path
    pool = Pool()
    ended = []
    try:
        for number, trial in enumerate(trials, 1):
            ended.append((trial, await _run(pool, interpreter, number, trial)))
    finally:
        await pool.close()
    return ended


async def _run(pool: Pool, interpreter: Path, number: int, trial: Trial) -> Ended:
    lesson = trial.lesson
    request = Run(
        number,
        str(trial.path),
        read_text(trial.path),
        directory=str(lesson.folder),
        checks=read_text(trial.checks),
        checks_path=str(trial.checks),
        answer_names={
            check: step.names
            for step in lesson.steps
            if step.checks_file == trial.checks
            for check in step.checks
        },
    )
    verdicts = _Verdicts()
    result = await pool.start(interpreter, request, verdicts, timeout=_PATIENCE).finished()
    if result.outcome is Outcome.REFUSED and result.rejected is None:
        raise CannotRun(result.user_message or UserMessage("internal-error"))
    problem, line = _problem(result, trial)
    return Ended(verdicts.all, problem, line)


def _problem(result: RunResult, trial: Trial) -> tuple[str | None, int]:
    """Return why the program failed, or None, and the line in its file."""
    if result.rejected is not None:
        syntax = result.rejected.problem
        if syntax is not None:
            return f"SyntaxError: {syntax.message}", syntax.span.line
        return result.rejected.reason, 0
    if result.failure is not None:
        failure = result.failure
        line = failure.span.line if failure.path == str(trial.path) else 0
        return f"{failure.exception}: {failure.message}", line
    if result.outcome is not Outcome.FINISHED:
        return result.outcome.value, result.stopped_at[1] if result.stopped_at is not None else 0
    return None, 0
