"""Code lenses: run or stop, and how the last run ended."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from tensorhints.lsp.names import CONTINUE, RUN, STOP
from tensorhints.model.cells import Cell
from tensorhints.present import states
from tensorhints.present.user_messages import sentence
from tensorhints.session.runs.states import LastRun, Phase, ProgramState


def lens(title: str, command: str = "", argument: object = None, line: int = 0) -> types.CodeLens:
    """Return a lens above a line; without a command it is only a text."""
    start = types.Position(line, 0)
    arguments = None if argument is None else [argument]
    command_ = types.Command(title, command, arguments=arguments)
    return types.CodeLens(types.Range(start, start), command_)


def program_lenses(state: ProgramState, locale: str) -> list[types.CodeLens]:
    """Return the lenses of a program's runs."""
    argument = {"uri": state.uri}
    # A run after an edit starts at once: showing that would only flicker at every key.
    follows_edit = state.phase is Phase.STARTING and not state.explicit and state.last is not None
    if state.phase is not Phase.IDLE and not follows_edit:
        return [
            lens(states.stop_title(locale), STOP, argument),
            lens(_under_way_title(state, locale)),
        ]
    if state.suspended and state.last is not None:
        return [
            lens(states.continue_title(locale), CONTINUE, argument),
            lens(states.stop_title(locale), STOP, argument),
            lens(_outcome_title(state.last, state.cells, locale, states.SUSPENDED)),
        ]
    lenses = [lens(states.run_title(locale), RUN, argument)]
    if state.last is not None:
        lenses.append(lens(_outcome_title(state.last, state.cells, locale)))
        if state.last.whole is not None:
            lenses.append(lens(sentence(state.last.whole, locale, cells=state.cells)))
    return lenses


def untrusted_lens(locale: str) -> types.CodeLens:
    """Return the lens of a file that may not run."""
    return lens(states.untrusted_title(locale))


def _under_way_title(state: ProgramState, locale: str) -> str:
    if state.phase is Phase.STARTING:
        return states.warming_title(locale)
    return states.running_title(locale, state.device)


def _outcome_title(
    last: LastRun, cells: Sequence[Cell], locale: str, outcome: str | None = None
) -> str:
    return states.outcome_title(
        outcome or last.outcome.value,
        locale,
        seconds=last.seconds,
        device=last.device,
        line=last.line,
        exit_status=last.exit_status,
        cells=cells,
        by_exit=last.by_exit,
    )
