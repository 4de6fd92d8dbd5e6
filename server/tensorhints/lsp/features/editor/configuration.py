"""Settings: with `initialize`, by `workspace/didChangeConfiguration`, or asked for where they are
kept by the client. Each bad one is told to the user once, by name.
"""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.present.words import translate
from tensorhints.session.settings import Problem

SECTION = "tensorhints"

logger = logging.getLogger(__name__)


def register(server: Server) -> None:
    server.on(types.WORKSPACE_DID_CHANGE_CONFIGURATION, changed)


async def changed(server: Server, params: types.DidChangeConfigurationParams) -> None:
    if server.client.has_configuration:
        await _ask(server)
        return
    sent = params.settings
    if isinstance(sent, dict) and isinstance(sent.get(SECTION), dict):
        take(server, sent[SECTION])
        tell_problems(server)


async def watch(server: Server) -> None:
    """Ask for the settings, and to be told when they change."""
    if not server.client.has_configuration:
        return
    if server.client.registers_configuration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        registration = types.Registration(SECTION, method, {"section": SECTION})
        server.client_register_capability(types.RegistrationParams([registration]))
    await _ask(server)


def take(server: Server, sent: Any) -> None:
    """What came with `initialize` holds where the client says nothing else: some editors answer
    with an empty object when they are asked.
    """
    before = server.session.workspace.settings.lessons
    server.setting_problems = server.session.configure(server.first_settings, sent)
    if server.session.workspace.settings.lessons != before:
        server.learner.speak(None)
        server.words_changed()


def tell_problems(server: Server) -> None:
    told = server.told_problems
    for problem in server.setting_problems:
        if problem not in told:
            server.show(_sentence(problem, server.locale))
    server.told_problems = server.setting_problems


async def _ask(server: Server) -> None:
    asked = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    try:
        answers = await server.workspace_configuration_async(asked)
    except Exception:
        logger.warning("the client did not tell its settings", exc_info=True)
        return
    if answers:
        take(server, answers[0])
        tell_problems(server)


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
