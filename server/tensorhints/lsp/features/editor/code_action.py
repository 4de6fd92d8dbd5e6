"""`textDocument/codeAction`: run, stop, the devices and lessons, for those who ask for actions.

Of kinds of their own, and none where the editor asks by itself: no light bulb on every line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.features.lessons import marks
from tensorhints.lsp.names import (
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
from tensorhints.present import states
from tensorhints.session.runs.states import Phase
from tensorhints.session.text.documents import Document

# Apple's own GPU is there on no other system.
_DEVICES = ("auto", "cpu", "mps" if sys.platform == "darwin" else "cuda", "simulated")

Action = tuple[str, types.Command]


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_CODE_ACTION, code_action)


def code_action(
    server: Server, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    document = server.document(params.text_document.uri)
    automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
    if document is None or not document.is_python or automatic:
        return None
    only = params.context.only
    actions: list[types.CodeAction | types.Command] = []
    for kind, command in _actions(server, document, params.range):
        if only is not None and not any(_covers(str(wanted), kind) for wanted in only):
            continue
        if server.client.takes_code_actions:
            actions.append(types.CodeAction(command.title, kind=kind, command=command))
        else:
            actions.append(command)
    return actions


def _actions(server: Server, document: Document, at: types.Range) -> Iterator[Action]:
    if not server.session.workspace.is_trusted:
        return
    yield from _of_running(server, document.uri)
    has_run = server.session.runs.record(document.uri) is not None
    if not server.client.shows_web_pages and has_run:
        argument = {"page": "inspector", "uri": document.uri}
        title = states.inspector_action(server.locale)
        yield INSPECT_ACTION, types.Command(title, PAGE, arguments=[argument])
    for command in marks.actions(server, document, at):
        yield LESSON_ACTION, command


def _of_running(server: Server, uri: str) -> Iterator[Action]:
    locale = server.locale
    argument: dict[str, object] = {"uri": uri}
    if server.session.runs.state(uri).phase is Phase.IDLE:
        of_run = {**argument, "wait": False} if server.client.waits_for_commands else argument
        yield RUN_ACTION, types.Command(states.run_action(locale), RUN, arguments=[of_run])
    else:
        yield STOP_ACTION, types.Command(states.stop_action(locale), STOP, arguments=[argument])
    in_force = server.session.runs.device(uri)
    for device in _DEVICES:
        if device != in_force:
            title = states.device_action(device, locale)
            chosen = {"uri": uri, "device": device}
            yield DEVICE_ACTION, types.Command(title, SET_DEVICE, arguments=[chosen])


def _covers(wanted: str, kind: str) -> bool:
    """Kinds are a hierarchy by dots; the empty one holds all."""
    wanted = wanted.rsplit("CodeActionKind.", 1)[-1]
    return wanted == "" or kind == wanted or kind.startswith(f"{wanted}.")
