"""The warm host of one interpreter and kind: launches runs on its standby process.

A host that forks takes every run. If runs cannot be forked, the standby process becomes the run,
and the next standby warms up meanwhile.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from tensorhints.model import messages
from tensorhints.model.signals import LOCATE_SIGNAL
from tensorhints.model.user_messages import UserMessage

from . import system_processes
from .host_kinds import HostKind
from .host_process import HostProcess
from .live_run import LiveRun
from .results import Outcome
from .run_log import CheckpointLog, RunLog
from .standby import HostPhase, HostState, Standby

INSPECTION_LIMIT = 5.0
"""Seconds to wait for the inspection of a tensor."""

_OfOneRun = messages.Forked | messages.Rejected | messages.Superseded | messages.Exited


class WarmHost:
    """The runs of one interpreter and kind. Satisfies `LaunchingHost`."""

    def __init__(
        self,
        interpreter: Path,
        directory: Path,
        kind: HostKind,
        *,
        warm_up_limit: float,
        on_state: Callable[[HostState], None],
    ) -> None:
        self.interpreter = interpreter
        self.is_single_use = kind.single_use
        self._on_state = on_state
        self.standby = Standby(
            interpreter,
            directory,
            kind,
            warm_up_limit=warm_up_limit,
            on_state=self._on_state_changed,
            on_message=self._on_message,
            on_exit=self._on_exit,
        )
        self._requested: LiveRun | None = None
        """Single use: the run sent to the standby, which has not answered yet."""
        self._waiting: list[LiveRun] = []
        self._runs: dict[int, tuple[LiveRun, HostProcess]] = {}
        self._logs: dict[int, RunLog] = {}
        """The logs of runs from whose checkpoints others may resume."""
        self._inspections: dict[int, asyncio.Future[messages.Inspected]] = {}

    @property
    def is_free(self) -> bool:
        """Whether a run would begin at once."""
        return self.standby.state.phase is HostPhase.READY and self._requested is None

    @property
    def is_in_use(self) -> bool:
        """Whether a run waits for the host or is under way, or the host is still warming up."""
        is_warming = self.standby.state.phase is HostPhase.WARMING
        return bool(self._waiting or self._runs or self._inspections) or is_warming

    def retire(self) -> None:
        """End the standby process, unless a run is about to take it. Runs continue.

        In a host that forks, no run may be under way.
        """
        if not self.is_single_use:
            self._logs.clear()
        if self._requested is None and not self.standby.is_closing:
            self.standby.retire()

    # ---- runs ------------------------------------------------------------------------------------

    def start(self, run: LiveRun) -> None:
        """Launch a run as soon as the host is ready, or refuse it."""
        self.standby.warm()
        if self.standby.is_closing:
            run.refuse(UserMessage("runner-killed"))
        elif (refusal := self.standby.state.refusal) is not None:
            run.refuse(refusal)
        else:
            self._waiting.append(run)
            self._launch_waiting()

    def _launch_waiting(self) -> None:
        while self._waiting and self.is_free:
            process = self.standby.process
            assert process is not None
            run = self._waiting.pop(0)
            descriptors = run.open_streams()
            self._runs[run.run] = (run, process)
            if run.request.token:
                self._logs[run.run] = run.log
            if self.is_single_use:
                self._requested = run
            process.send(process.texts.reduced(run.request), descriptors)

    def stop_run(self, run: int, how: messages.StopKind) -> None:
        """Stop or locate a run as `messages.Stop` says."""
        if run not in self._runs:
            return
        live, process = self._runs[run]
        if not self.is_single_use:
            process.send(messages.Stop(run, how))
        elif how == "kill":
            process.kill()
        elif how in ("suspend", "continue"):
            system_processes.signal_group(
                process.pid, signal.SIGSTOP if how == "suspend" else signal.SIGCONT
            )
        elif live.pid is not None:
            number = signal.SIGINT if how == "interrupt" else LOCATE_SIGNAL
            if number is not None:
                process.signal(number)

    def file_imported(self, run: LiveRun, path: str) -> None:
        """A run has imported a file of the workspace, or is that file."""
        known = self._runs.get(run.run)
        if known is not None:
            known[1].texts.note_import(run.request.path, path)

    def run_concluded(self, run: LiveRun) -> None:
        """Do not launch a run that already has its result."""
        if run in self._waiting:
            self._waiting.remove(run)

    def abandon(self, run: LiveRun) -> None:
        """Kill the process that holds a run which still exists after it was killed."""
        known = self._runs.get(run.run)
        if known is not None:
            known[1].kill()

    # ---- checkpoints -----------------------------------------------------------------------------

    def checkpoint_log(self, run: int, checkpoint: int) -> CheckpointLog | None:
        """Return what a run had output when it made a checkpoint."""
        log = self._logs.get(run)
        if log is None:
            return None
        known = self._runs.get(run)
        if known is not None:
            # The marks were written before anything could resume from the checkpoint.
            known[0].drain()
        return log.until(checkpoint)

    def release(self, path: str) -> None:
        """Drop the checkpoints of a file that will not run for a while."""
        if self.standby.state.phase is HostPhase.READY and self.standby.process is not None:
            self.standby.process.send(messages.Release(path))
            self.standby.process.texts.forget(path)

    async def inspect(self, request: messages.Inspect) -> messages.Inspected:
        """Inspect a tensor in the checkpoint at a run's end."""
        process = self.standby.process
        if self.standby.state.phase is not HostPhase.READY or process is None:
            problem = UserMessage("tensor-no-checkpoint")
            return messages.Inspected(request.run, request.query, problem=problem)
        answer: asyncio.Future[messages.Inspected] = asyncio.get_running_loop().create_future()
        self._inspections[request.query] = answer
        try:
            process.send(request)
            return await asyncio.wait_for(answer, INSPECTION_LIMIT)
        except asyncio.TimeoutError:
            problem = UserMessage("tensor-no-answer")
            return messages.Inspected(request.run, request.query, problem=problem)
        finally:
            del self._inspections[request.query]

    def _drop_log_if_unused(self, run: int) -> None:
        """Drop the log of a run that has ended, once no run can resume from it."""
        log = self._logs.get(run)
        if log is not None and not log.has_checkpoints and run not in self._runs:
            del self._logs[run]

    # ---- what comes from the processes -----------------------------------------------------------

    def _on_state_changed(self, state: HostState) -> None:
        self._on_state(state)
        if state.refusal is not None:
            waiting, self._waiting = self._waiting, []
            for run in waiting:
                run.refuse(state.refusal)

    def _on_message(self, process: HostProcess, message: object) -> None:
        if isinstance(message, messages.Ready):
            self.standby.on_ready(process, message)
            self._launch_waiting()
        elif isinstance(message, messages.CheckpointDropped):
            log = self._logs.get(message.run)
            if log is not None:
                log.drop_checkpoint(message.number)
                self._drop_log_if_unused(message.run)
        elif isinstance(message, messages.Inspected):
            answer = self._inspections.get(message.query)
            if answer is not None and not answer.done():
                answer.set_result(message)
        elif isinstance(message, messages.NotReady) and process is self.standby.process:
            detail = message.detail or str(self.interpreter)
            self.standby.fail(UserMessage(message.code, detail))
        elif isinstance(message, _OfOneRun):
            known = self._runs.get(message.run)
            if known is not None:
                self._on_run_message(known[0], message)

    def _on_run_message(self, run: LiveRun, message: _OfOneRun) -> None:
        if isinstance(message, messages.Superseded):
            run.stop(Outcome.SUPERSEDED, by_host=True)
            return
        if isinstance(message, messages.Forked):
            run.on_forked(message)
            if self.is_single_use:
                self._requested = None
                self.standby.spawn()
            return
        del self._runs[run.run]
        self._drop_log_if_unused(run.run)
        if isinstance(message, messages.Rejected):
            run.on_rejected(message)
            self._requested = None
            self._launch_waiting()
        else:
            self.standby.on_run_ended()
            run.on_exited(message)

    def _on_exit(self, process: HostProcess) -> None:
        lost = [run for run, holder in self._runs.values() if holder is process]
        for run in lost:
            del self._runs[run.run]
        if process is self.standby.process:
            self._logs.clear()
        recovered = [run for run in lost if self._lose(run, process)]
        if self._requested in lost:
            self._requested = None
        self.standby.on_exit(process)
        for run in recovered:
            self.start(run)

    def _lose(self, run: LiveRun, process: HostProcess) -> bool:
        """End a run whose process is gone, or return true if it is to be launched once more."""
        # A run dies with its host, but processes that it started do not.
        swept = system_processes.kill_session(run.pid) if run.pid is not None else 0
        was_the_run = run.pid is not None and run.pid == process.pid
        exited_by_itself = was_the_run and not (process.status or 0) < 0
        if not self.standby.is_closing and not exited_by_itself and run.recover():
            return True
        if was_the_run:
            run.on_exited(_exited(run, process, swept))
        else:
            run.on_host_lost(UserMessage("runner-killed"), swept)
        return False

    # ---- the end ---------------------------------------------------------------------------------

    async def close(self, patience: float) -> None:
        """Stop every run and end every process; kill what exists after `patience` seconds."""
        self.standby.is_closing = True
        for run in tuple(self._waiting):
            run.stop()
        await self.standby.close(patience)


def _exited(run: LiveRun, process: HostProcess, swept: int) -> messages.Exited:
    """Return the message that a host sends of its child, for a host that became the run."""
    status = process.status or 0
    return messages.Exited(run.run, max(status, 0), max(-status, 0), swept)
