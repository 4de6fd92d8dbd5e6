"""The notification `tensorhints/run`."""

from __future__ import annotations

from tensorhints.lsp.notifications import RunNotification
from tensorhints.model.cells import cell_at
from tensorhints.present.devices import device_in_force
from tensorhints.present.user_messages import sentence
from tensorhints.session.runs.states import Phase, ProgramState


def run_notification(state: ProgramState, locale: str) -> RunNotification:
    """Return a program's state; the fields of the outcome are null while a run is under way."""
    last = state.last if state.phase is Phase.IDLE else None
    whole = None if last is None else last.whole
    resumed = None if last is None else last.resumed_at
    cell = None if resumed is None else cell_at(state.cells, resumed)
    return RunNotification(
        uri=state.uri,
        run=state.run,
        phase=state.phase.value,
        live=state.live,
        explicit=state.explicit,
        device="" if state.device is None else state.device.in_force,
        deviceText="" if state.device is None else device_in_force(state.device, locale),
        suspended=state.suspended,
        outcome=None if last is None else last.outcome.value,
        elapsedMs=None if last is None else round(last.seconds * 1000, 3),
        resumedLine=resumed if resumed is None or cell is None else resumed - cell.line,
        resumedCell=None if cell is None else cell.number,
        whole=None if whole is None else sentence(whole, locale, cells=state.cells),
    )
