"""`textDocument/codeAction`: run, stop, devices and lessons, if the user asks for actions.

Their kinds are this server's own, and requests that the editor makes by itself get none: otherwise
there would be a light bulb on every line. Such requests get the quick fixes of a failure alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.lessons import Lessons
from tensorhints.lsp.names import (
    CONTINUE,
    CONTINUE_ACTION,
    DEVICE_ACTION,
    INSPECT_ACTION,
    LESSON_ACTION,
    PAGE,
    RUN,
    RUN_ACTION,
    SET_DEVICE,
    STOP,
    STOP_ACTION,
)
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render.lesson_marks import lesson_actions, open_lesson_action
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.present import states
from tensorhints.session.runs.states import Phase

# Apple's GPU exists on no other system.
_DEVICES = ("auto", "cpu", "mps" if sys.platform == "darwin" else "cuda", "simulated")

Action = tuple[str, types.Command]
"""The kind of an action and its command."""


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    handler = partial(code_action, services.lessons)
    registry.document_request(types.TEXT_DOCUMENT_CODE_ACTION, handler)


def code_action(
    lessons: Lessons, snapshot: Snapshot, client: Client, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    """Return the actions of a Python file, of the requested kinds."""
    if not snapshot.is_python:
        return None
    automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
    found = _quick_fixes(snapshot, client, params.range)
    if not automatic:
        found = chain(found, _actions(lessons, snapshot, client, params.range.start.line))
    only = params.context.only
    actions: list[types.CodeAction | types.Command] = []
    for kind, command in found:
        if only is not None and not any(_includes(str(wanted), kind) for wanted in only):
            continue
        if client.capabilities.takes_code_actions:
            actions.append(types.CodeAction(command.title, kind=kind, command=command))
        else:
            actions.append(command)
    return actions


def _quick_fixes(snapshot: Snapshot, client: Client, wanted: types.Range) -> Iterator[Action]:
    """Yield what cures the failures on these lines."""
    if not snapshot.is_trusted:
        return
    for diagnostic in snapshot.diagnostics():
        span, failure = diagnostic.span, diagnostic.failure
        if span.end_line < wanted.start.line or span.line > wanted.end.line:
            continue
        if diagnostic.user_message is not None and snapshot.state().suspended:
            title, argument = states.continue_action(client.locale), {"uri": snapshot.uri}
            command = types.Command(title, CONTINUE, arguments=[argument])
            yield types.CodeActionKind.QuickFix, command
        if failure is None or snapshot.device() == "simulated":
            continue
        # Deferred: the rules take a while to import, and many sessions see no failure.
        from tensorhints.present.explain import remedying_device

        device = remedying_device(failure)
        if device is not None:
            yield types.CodeActionKind.QuickFix, _device_command(snapshot, client, device)


def _actions(lessons: Lessons, snapshot: Snapshot, client: Client, line: int) -> Iterator[Action]:
    if not snapshot.is_trusted:
        return
    yield from _run_actions(snapshot, client)
    in_browser = not client.capabilities.shows_web_pages
    if in_browser and snapshot.has_run():
        argument = {"page": "inspector", "uri": snapshot.uri}
        title = states.inspector_action(client.locale)
        yield INSPECT_ACTION, types.Command(title, PAGE, arguments=[argument])
    lesson, learner = lessons.lesson_at(snapshot.path), lessons.learner
    if lesson is not None:
        found = lessons.study.suggestions(lesson, snapshot.text, line)
        for command in lesson_actions(
            found, lesson, snapshot.uri, learner.locale, in_browser=in_browser
        ):
            yield LESSON_ACTION, command
    yield LESSON_ACTION, open_lesson_action(learner.locale)


def _run_actions(snapshot: Snapshot, client: Client) -> Iterator[Action]:
    locale, uri = client.locale, snapshot.uri
    argument: dict[str, object] = {"uri": uri}
    if snapshot.state().phase is Phase.IDLE:
        waits = client.capabilities.waits_for_commands
        run_argument = {**argument, "wait": False} if waits else argument
        title = states.run_action(locale)
        yield RUN_ACTION, types.Command(title, RUN, arguments=[run_argument])
    if snapshot.state().suspended:
        title = states.continue_action(locale)
        yield CONTINUE_ACTION, types.Command(title, CONTINUE, arguments=[argument])
    if snapshot.state().phase is not Phase.IDLE or snapshot.state().suspended:
        yield STOP_ACTION, types.Command(states.stop_action(locale), STOP, arguments=[argument])
    current = snapshot.device()
    for device in _DEVICES:
        if device != current:
            yield DEVICE_ACTION, _device_command(snapshot, client, device)


def _device_command(snapshot: Snapshot, client: Client, device: str) -> types.Command:
    title = states.device_action(device, client.locale)
    chosen = {"uri": snapshot.uri, "device": device}
    return types.Command(title, SET_DEVICE, arguments=[chosen])


def _includes(wanted: str, kind: str) -> bool:
    """Whether a requested kind includes another: kinds are a hierarchy by dots, "" is its root."""
    wanted = wanted.rsplit("CodeActionKind.", 1)[-1]
    return wanted == "" or kind == wanted or kind.startswith(f"{wanted}.")
