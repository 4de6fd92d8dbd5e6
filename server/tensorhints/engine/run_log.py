"""The output of a run before each of its checkpoints, for the runs that resume from them.

The observations of the program itself are in the checkpoint's own memory. What is not is kept here:
the output, and what processes forked by the program (a DataLoader's workers) observed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorhints.model.messages import NewSignature

from .output import StreamState


@dataclass(frozen=True)
class CheckpointLog:
    """The output of a run before one checkpoint.

    `streams` are the states of its output streams there, by name. `memory` is the memory in bytes
    that the run's process held before the program started.
    """

    output: tuple[tuple[str, str], ...]
    streams: dict[str, StreamState]
    workers: tuple[NewSignature, ...]
    memory: int | None


@dataclass
class _Position:
    """A checkpoint's position in the log: the number of workers' messages and of outputs."""

    workers: int
    outputs: dict[str, int] = field(default_factory=dict)
    streams: dict[str, StreamState] = field(default_factory=dict)


class RunLog:
    """The log of one run that has checkpoints."""

    def __init__(self) -> None:
        self._output: list[tuple[str, str]] = []
        self._workers: list[NewSignature] = []
        self._positions: dict[int, _Position] = {}
        self.memory: int | None = None

    def add_output(self, stream: str, text: str) -> None:
        """Add output of the program."""
        self._output.append((stream, text))

    def add_signature(self, message: NewSignature) -> None:
        """Add what a worker observed; what the program itself observed is ignored."""
        if message.worker:
            self._workers.append(message)

    def mark_checkpoint(self, stream: str, number: int, state: StreamState) -> None:
        """Note that checkpoint `number` was made after the output that `stream` has had so far."""
        position = self._positions.setdefault(number, _Position(len(self._workers)))
        position.outputs[stream] = len(self._output)
        position.streams[stream] = state

    def drop_checkpoint(self, number: int) -> None:
        """Forget a checkpoint that no run will resume from."""
        self._positions.pop(number, None)

    @property
    def has_checkpoints(self) -> bool:
        """Whether a run may still resume from one of the checkpoints."""
        return bool(self._positions)

    def until(self, number: int) -> CheckpointLog | None:
        """Return the log up to checkpoint `number`, or None if there is no such checkpoint."""
        position = self._positions.get(number)
        if position is None:
            return None
        output = tuple(
            (stream, text)
            for index, (stream, text) in enumerate(self._output)
            if index < position.outputs.get(stream, 0)
        )
        workers = tuple(self._workers[: position.workers])
        return CheckpointLog(output, position.streams, workers, self.memory)

    def start_from(self, earlier: CheckpointLog) -> None:
        """Begin with the log of the checkpoint that this run resumes from."""
        self._output += earlier.output
        self._workers += earlier.workers
        self.memory = earlier.memory
