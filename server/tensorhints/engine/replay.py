"""What a run said and printed before a copy of it was paused, to be said again by the run that goes
on from that copy.

The sightings of the program itself are in the copy's own memory. Here is what is not: the output,
and what processes saw that the program had forked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorhints.model.messages import NewSignature

from .output import Standing


@dataclass(frozen=True)
class Beginning:
    """Everything up to one copy. `memory` is what the run's process held before the program."""

    output: tuple[tuple[str, str], ...]
    standings: dict[str, Standing]
    workers: tuple[NewSignature, ...]
    memory: int | None


@dataclass
class _Cut:
    """How much of the log lies before a mark: by stream, and of the workers' sightings."""

    workers: int
    lengths: dict[str, int] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)


class RunLog:
    """Of one run whose copies may be gone on from."""

    def __init__(self) -> None:
        self._output: list[tuple[str, str]] = []
        self._workers: list[NewSignature] = []
        self._cuts: dict[int, _Cut] = {}
        self.memory: int | None = None

    def printed(self, stream: str, text: str) -> None:
        self._output.append((stream, text))

    def seen(self, message: NewSignature) -> None:
        if message.worker:
            self._workers.append(message)

    def marked(self, stream: str, number: int, standing: Standing) -> None:
        """The copy of that number stands behind what `stream` has shown so far."""
        cut = self._cuts.setdefault(number, _Cut(len(self._workers)))
        cut.lengths[stream] = len(self._output)
        cut.standings[stream] = standing

    def forget(self, number: int) -> None:
        self._cuts.pop(number, None)

    @property
    def is_idle(self) -> bool:
        """Whether there is no copy that a run could go on from."""
        return not self._cuts

    def beginning(self, number: int) -> Beginning | None:
        cut = self._cuts.get(number)
        if cut is None:
            return None
        output = tuple(
            (stream, text)
            for index, (stream, text) in enumerate(self._output)
            if index < cut.lengths.get(stream, 0)
        )
        return Beginning(output, cut.standings, tuple(self._workers[: cut.workers]), self.memory)

    def begin_with(self, beginning: Beginning) -> None:
        self._output += beginning.output
        self._workers += beginning.workers
        self.memory = beginning.memory
