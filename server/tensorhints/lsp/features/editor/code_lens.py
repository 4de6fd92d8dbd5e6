"""`textDocument/codeLens`: run or stop, and how the last run ended, above the first line; in a
lesson's file how each of its steps stands.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.lsp.features.lessons import marks
from tensorhints.lsp.names import RUN, STOP
from tensorhints.present import states
from tensorhints.present.user_messages import sentence
from tensorhints.session.runs.states import Phase, ProgramState

_TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_CODE_LENS, code_lens)


def code_lens(server: Server, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    shown = server.shown(params.text_document.uri)
    if shown is None or not shown.document.is_python or not shown.holds(0):
        return None
    document = shown.document
    if not server.session.workspace.is_trusted:
        return [_lens(states.untrusted_title(server.locale))]
    of_program = program_lenses(server.session.runs.state(document.uri), server.locale)
    return [*of_program, *marks.lenses(server, document)]


def program_lenses(state: ProgramState, locale: str) -> list[types.CodeLens]:
    argument = {"uri": state.uri}
    # An edit's run has begun before anyone could read that it starts: no flicker at every key.
    follows = state.phase is Phase.STARTING and not state.explicit and state.last is not None
    if state.phase is Phase.IDLE or follows:
        lenses = [_lens(states.run_title(locale), RUN, argument)]
        if state.last is not None:
            lenses.append(_lens(last_title(state, locale)))
            if state.last.whole is not None:
                lenses.append(_lens(sentence(state.last.whole, locale)))
        return lenses
    return [
        _lens(states.stop_title(locale), STOP, argument),
        _lens(under_way_title(state, locale)),
    ]


def under_way_title(state: ProgramState, locale: str) -> str:
    if state.phase is Phase.STARTING:
        return states.warming_title(locale)
    return states.running_title(locale, state.device)


def last_title(state: ProgramState, locale: str) -> str:
    last = state.last
    assert last is not None
    return states.outcome_title(
        last.outcome.value,
        locale,
        seconds=last.seconds,
        device=last.device,
        line=last.line,
        exit_status=last.exit_status,
    )


def _lens(title: str, command: str = "", argument: object = None) -> types.CodeLens:
    arguments = None if argument is None else [argument]
    return types.CodeLens(_TOP, types.Command(title, command, arguments=arguments))
