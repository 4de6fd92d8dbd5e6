"""Settings: sent with `initialize` or `didChangeConfiguration`, or requested from the client.

Each wrong setting is reported to the user once, by name.
"""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types

from tensorhints.lsp.services import Services
from tensorhints.present.words import translate
from tensorhints.session.settings import Problem

SECTION = "tensorhints"

logger = logging.getLogger(__name__)


class Configuration:
    """Applies settings to the session, and remembers which problems were reported.

    `first_settings` are those of `initialize`. They stay in force where later ones say nothing,
    because some editors answer with an empty object when they are asked.
    """

    def __init__(self, services: Services, first_settings: object) -> None:
        self._client = services.client
        self._session = services.session
        self._lessons = services.lessons
        self._notifier = services.notifier
        self._first_settings = first_settings
        self._problems: tuple[Problem, ...] = ()
        self._reported: tuple[Problem, ...] = ()

    async def changed(self, params: types.DidChangeConfigurationParams) -> None:
        """Apply the settings that were sent, or request them."""
        if self._client.capabilities.has_configuration:
            await self._request()
            return
        sent = params.settings
        if isinstance(sent, dict) and isinstance(sent.get(SECTION), dict):
            self.apply(sent[SECTION])
            self.report_problems()

    async def watch(self) -> None:
        """Request the settings, and notifications of their changes, from a client that has any."""
        if not self._client.capabilities.has_configuration:
            return
        if self._client.capabilities.registers_configuration:
            self._client.watch_settings(SECTION)
        await self._request()

    def apply(self, sent: object) -> None:
        """Apply settings; those that are not in `sent` are as at first."""
        workspace = self._session.workspace
        before = workspace.settings.lessons
        self._problems = self._session.configure(self._first_settings, sent)
        if workspace.settings.lessons != before:
            self._lessons.reset_locale()
            self._notifier.lesson_locale_changed()

    def report_problems(self) -> None:
        """Show the problems that were not reported yet."""
        for problem in self._problems:
            if problem not in self._reported:
                self._client.show(_sentence(problem, self._client.locale))
        self._reported = self._problems

    async def _request(self) -> None:
        try:
            answers: list[Any] = await self._client.settings(SECTION)
        except Exception:
            logger.warning("the client did not answer with its settings", exc_info=True)
            return
        if answers:
            self.apply(answers[0])
            self.report_problems()


def _sentence(problem: Problem, locale: str) -> str:
    name = problem.setting if problem.setting == SECTION else f"{SECTION}.{problem.setting}"
    if problem.expected is None:
        return translate("unknown-setting", locale, name=name)
    expected = translate(f"expected.{problem.expected}", locale, choices=", ".join(problem.choices))
    return translate(
        "bad-setting",
        locale,
        name=name,
        value=problem.value,
        expected=expected,
        default=problem.default,
    )
