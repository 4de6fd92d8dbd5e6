"""The record of one run: its messages and output, collected while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorhints.model.devices import Device
from tensorhints.model.failures import Failure
from tensorhints.model.locations import HintLocation
from tensorhints.model.messages import (
    CheckVerdict,
    CurrentLine,
    DeviceMemory,
    Ended,
    Failed,
    FromRun,
    HintLocations,
    InstrumentedFile,
    LiveTensor,
    LocationTally,
    MemoryUse,
    Namespace,
    NewSignature,
    NoCheckpoint,
    Started,
    Tally,
    Truncated,
    Unreached,
    Whole,
)
from tensorhints.model.observations import Observation
from tensorhints.model.values import TensorDetails, Value

# The run limits what its program prints; this limits what is written to the pipes besides.
OUTPUT_LIMIT = 4 * 1024 * 1024


@dataclass
class _LocationRecord:
    """The signatures observed at one hint location.

    `order[n]` is the index of the value of the program's n-th `NewSignature`. Values that only
    processes forked by it observed are not counted in its tally. `observation` caches the summary.
    """

    location: HintLocation
    values: list[Value] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    last: int = 0
    details: TensorDetails | None = None
    tally: LocationTally | None = None
    observation: Observation | None = None

    def summary(self) -> Observation | None:
        if self.observation is None and self.values:
            self.observation = self._summarise()
        return self.observation

    def _summarise(self) -> Observation:
        tally = self.tally
        if tally is None:
            counts = [1] * len(self.values)
            return self._observation(counts, self.last, True, self.details)
        counts = [0] * len(self.values)
        for index, count in zip(self.order, tally.counts):
            counts[index] += count
        last = self.order[tally.last] if 0 <= tally.last < len(self.order) else self.last
        details = tally.details if tally.details is not None else self.details
        late = len(tally.counts) < len(self.order) or len(self.values) > len(set(self.order))
        return self._observation(
            [max(count, 1) for count in counts], last, tally.lower_bound or late, details
        )

    def _observation(
        self, counts: list[int], last: int, lower_bound: bool, details: TensorDetails | None
    ) -> Observation:
        return Observation(
            self.location, tuple(self.values), tuple(counts), last, lower_bound, details
        )


class RunRecord:
    """The messages and output of one run. Satisfies the engine's `RunListener`.

    It may be read at any time: until a location's tally arrives, its counts are lower bounds of 1.
    """

    def __init__(self) -> None:
        self.device: str | None = None
        self.gpus: dict[str, str] | None = None
        self.digests: dict[str, str] = {}
        self.failures: tuple[Failed, ...] = ()
        """The failure that ended the program, or those of a notebook's cells."""
        self.ended: Ended | None = None
        self.tensors: tuple[LiveTensor, ...] = ()
        self.memory: tuple[DeviceMemory, ...] = ()
        self.verdicts: tuple[CheckVerdict, ...] = ()
        self.output: list[tuple[str, str]] = []
        self.is_truncated = False
        self.hiding: tuple[str, ...] = ()
        """Files beside the program that hide modules of the standard library."""
        self.resumed_at: int | None = None
        self.whole: Whole | None = None
        self.refused_checkpoints: tuple[NoCheckpoint, ...] = ()
        self.current_line: tuple[str, int] | None = None
        self.unreached: dict[str, tuple[tuple[int, ...], ...]] = {}
        self.changes = 0
        """The number of messages so far."""
        self.shown_values = 0
        """How often a value was shown that had not been shown before, or a file was imported."""
        self._output_left = OUTPUT_LIMIT
        self._locations: dict[int, _LocationRecord] = {}
        self._by_path: dict[str, dict[int, _LocationRecord]] = {}

    @property
    def started(self) -> bool:
        """Whether the first statement was about to run."""
        return self.device is not None

    def device_for(self, asked: str) -> Device:
        """Return the device of the run, of which `asked` was requested."""
        return Device(asked, self.device or asked, self.gpus)

    @property
    def failure(self) -> Failure | None:
        """The first failure that was not expected."""
        return next((failed.failure for failed in self.failures if not failed.expected), None)

    @property
    def paths(self) -> tuple[str, ...]:
        """The instrumented files, in the order of their first messages."""
        return tuple(dict.fromkeys((*self.digests, *self._by_path)))

    def observations(self, path: str) -> tuple[Observation, ...]:
        """Return the observations in one file, from top to bottom."""
        found = [record.summary() for record in self._by_path.get(path, {}).values()]
        seen = [observation for observation in found if observation is not None]
        seen.sort(key=lambda observation: (observation.location.line, observation.location.column))
        return tuple(seen)

    def locations(self, path: str) -> tuple[HintLocation, ...]:
        """Return every hint location of a file, whether a value was observed there or not."""
        return tuple(record.location for record in self._by_path.get(path, {}).values())

    def text_output(self, stream: str | None = None) -> str:
        """Return what the program printed, on one stream or by default on both, in order."""
        return "".join(text for name, text in self.output if stream in (None, name))

    def on_message(self, message: FromRun) -> None:
        """Record a message."""
        self.changes += 1
        match message:
            case NewSignature():
                self.shown_values += 1
                self._add_signature(message)
            case Tally():
                self._count(message)
            case HintLocations():
                self._add_locations(message)
            case Started():
                self.device, self.gpus = message.device, message.gpus
                self.resumed_at, self.whole = message.line, message.whole
                self.hiding = message.hiding
            case InstrumentedFile():
                self.shown_values += 1
                self.digests[message.path] = message.digest
            case Namespace():
                self.tensors += message.tensors
            case MemoryUse():
                self.memory = message.devices
            case Truncated():
                self.is_truncated = True
            case CurrentLine():
                self.current_line = message.path, message.line
            case Unreached():
                self.unreached[message.path] = message.lines
            case NoCheckpoint():
                self.refused_checkpoints += (message,)
            case CheckVerdict():
                self.verdicts += (message,)
            case Failed():
                self.failures += (message,)
            case Ended():
                self.ended = message

    def on_output(self, stream: str, text: str) -> None:
        """Record output, up to `OUTPUT_LIMIT` characters."""
        kept = text[: self._output_left]
        self._output_left -= len(kept)
        if kept:
            self.output.append((stream, kept))

    def _add_locations(self, message: HintLocations) -> None:
        for location in message.locations:
            known = self._locations.get(location.id)
            if known is not None and known.location == location:
                continue
            record = _LocationRecord(location)
            self._locations[location.id] = record
            self._by_path.setdefault(location.path, {})[location.id] = record

    def _add_signature(self, message: NewSignature) -> None:
        record = self._locations.get(message.location)
        if record is None:
            return
        if message.value not in record.values:
            record.values.append(message.value)
        index = record.values.index(message.value)
        if not message.worker:
            record.order.append(index)
        record.last, record.details, record.observation = index, message.details, None

    def _count(self, message: Tally) -> None:
        for tally in message.tallies:
            record = self._locations.get(tally.location)
            if record is not None:
                before = record.last if record.tally is None else record.tally.last
                details = record.details if record.tally is None else record.tally.details
                # A count that rises is no news: an endless loop has nothing else.
                if (tally.last, tally.details) != (before, details):
                    self.shown_values += 1
                record.tally, record.observation = tally, None
