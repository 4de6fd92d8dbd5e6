"""Converts the verdicts of checks to the sentence that the learner reads about a step.

A lesson's own feedback comes first; the caller provides the sentences for all other cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from tensorhints.model.verdicts import CANNOT_CHECK, CORRECT, ERROR_IN_YOUR_CODE, INCORRECT

from .format import Step, StepText

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Verdict(Protocol):
    """The result of one check; `model.messages.CheckVerdict` is one."""

    @property
    def check(self) -> str:
        """The id of the check."""

    @property
    def verdict(self) -> str:
        """One of the words in `model.verdicts`."""

    @property
    def kind(self) -> str | None:
        """The kind of difference or error, or None."""

    @property
    def fields(self) -> Mapping[str, str]:
        """The values of the placeholders."""

    @property
    def line(self) -> int | None:
        """The line of the learner's code that it is about, from 0, or None."""


class Translate(Protocol):
    """The signature of `present.words.translate`."""

    def __call__(self, code: str, locale: str, **fields: object) -> str:
        """Return the sentence with this code."""


def of_step(step: Step, verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the verdict that represents the step, or None if a check has no verdict yet.

    It is the first that is not correct, otherwise the last.
    """
    by_check = {verdict.check: verdict for verdict in verdicts}
    last: Verdict | None = None
    for check in step.checks:
        last = by_check.get(check)
        if last is None or last.verdict != CORRECT:
            return last
    return last


def message(verdict: Verdict, text: StepText, locale: str, translate: Translate) -> str:
    """Return one sentence of Markdown about the learner's own tensor."""
    fields = dict(verdict.fields)
    if verdict.verdict == INCORRECT:
        for key in (f"{verdict.check}.{verdict.kind}", verdict.check):
            template = text.feedback.get(key)
            if template is not None and placeholders(template) <= set(fields):
                return fill(template, fields)
        return translate(f"verdict.incorrect.{verdict.kind}", locale, **fields)
    if verdict.verdict == ERROR_IN_YOUR_CODE and verdict.kind:
        return translate(f"verdict.error_in_your_code.{verdict.kind}", locale, **fields)
    if verdict.verdict == CANNOT_CHECK and verdict.kind == "simulated":
        return translate("verdict.cannot_check.simulated", locale)
    return translate(f"verdict.{verdict.verdict}", locale, **fields)


def fill(template: str, fields: Mapping[str, str]) -> str:
    """Replace each known `{placeholder}`; unknown ones stay. Never raises."""
    return _PLACEHOLDER.sub(lambda match: str(fields.get(match[1], match[0])), template)


def placeholders(template: str) -> set[str]:
    """Return the names of a template's placeholders."""
    return set(_PLACEHOLDER.findall(template))
