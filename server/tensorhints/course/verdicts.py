"""From what the checks found to what the learner reads about a step.

A lesson's own feedback comes first; the sentences for what it does not foresee are the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from tensorhints.model.verdicts import CANNOT_CHECK, CORRECT, ERROR_IN_YOUR_CODE, INCORRECT

from .format import Step, StepText

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Verdict(Protocol):
    """What one check found; `model.messages.CheckVerdict` is one."""

    @property
    def check(self) -> str: ...

    @property
    def verdict(self) -> str: ...

    @property
    def kind(self) -> str | None: ...

    @property
    def fields(self) -> Mapping[str, str]: ...

    @property
    def line(self) -> int | None: ...


class Say(Protocol):
    """`present.words.say`."""

    def __call__(self, code: str, locale: str, **fields: object) -> str: ...


def of_step(step: Step, verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict that speaks for the step: the first of its checks that is not correct, else the
    last. `None` where a check of the step has no verdict yet.
    """
    by_check = {verdict.check: verdict for verdict in verdicts}
    last: Verdict | None = None
    for check in step.checks:
        last = by_check.get(check)
        if last is None or last.verdict != CORRECT:
            return last
    return last


def message(verdict: Verdict, text: StepText, locale: str, say: Say) -> str:
    """One sentence, as Markdown, on the learner's own tensor."""
    fields = dict(verdict.fields)
    if verdict.verdict == INCORRECT:
        for key in (f"{verdict.check}.{verdict.kind}", verdict.check):
            template = text.feedback.get(key)
            if template is not None and placeholders(template) <= set(fields):
                return fill(template, fields)
        return say(f"verdict.incorrect.{verdict.kind}", locale, **fields)
    if verdict.verdict == ERROR_IN_YOUR_CODE and verdict.kind:
        return say(f"verdict.error_in_your_code.{verdict.kind}", locale, **fields)
    if verdict.verdict == CANNOT_CHECK and verdict.kind == "simulated":
        return say("verdict.cannot_check.simulated", locale)
    return say(f"verdict.{verdict.verdict}", locale, **fields)


def fill(template: str, fields: Mapping[str, str]) -> str:
    """The template with each `{placeholder}` that is known in its place. Never raises."""
    return _PLACEHOLDER.sub(lambda match: str(fields.get(match[1], match[0])), template)


def placeholders(template: str) -> set[str]:
    return set(_PLACEHOLDER.findall(template))
