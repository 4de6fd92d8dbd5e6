"""Every message between the server and the runner. The class's name is the message's name.

Requests go from the server to the host, the rest the other way: over the host's control channel,
or over the channel of one run. `run` is the id that the server gave the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Literal, Optional, Tuple, Union, get_args

from .failures import Failure, SyntaxProblem
from .inspections import Inspection
from .locations import HintLocation
from .user_messages import UserMessage
from .values import TensorDetails, Value
from .verdicts import VerdictKind, VerdictWord

PROTOCOL_VERSION = 1

StopKind = Literal["interrupt", "locate", "kill"]
AttributeKind = Literal["function", "property"]
StreamName = Literal["stdout", "stderr"]
STREAMS: Tuple[StreamName, ...] = get_args(StreamName)
NotReadyCode = Literal[
    "python-too-old",
    "no-torch",
    "torch-too-old",
    "torch-broken",
    "no-mps",
    "no-cuda-build",
    "no-cuda",
    "no-such-gpu",
    "no-context",
    "no-directory",
    "simulated-missing",
]
RejectionReason = Literal["syntax", "unchanged", "stale"]
CheckpointHazard = Literal[
    "free-threaded",
    "threads",
    "child-processes",
    "gpu",
    "timers",
    "shared-memory",
    "connections",
    "files",
    "native-threads",
    "no-memory",
]

# ---- requests, server to host ----------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """Run `text` as `path`. `arguments` follow `sys.argv[0]`; `buffers` are unsaved texts by path;
    `roots` are the folders whose modules are watched. `only_if_changed` names a file: where its
    code is what it was in the last run of `path`, nothing runs. Limits: 0 is none;
    `memory_limit` in bytes on top of the warm host, `output_limit` in bytes per stream. `checks` is
    the text of a lesson's checks, each run on what the program left; `asked` has, by a check's id,
    the names that its step asks the learner for. `checkpoints`: keep checkpoints along the way, and
    resume from a matching one, unless the whole program shall run `afresh`; `inspect`: keep a
    checkpoint of the program's end. `token` marks in the output where a checkpoint was made.
    """

    run: int
    path: str
    text: str
    arguments: Tuple[str, ...] = ()
    directory: str = ""
    environment: Dict[str, str] = field(default_factory=dict)
    device: str = "auto"
    buffers: Dict[str, str] = field(default_factory=dict)
    roots: Tuple[str, ...] = ()
    memory_limit: int = 0
    output_limit: int = 0
    only_if_changed: Optional[str] = None
    checks: Optional[str] = None
    checks_path: str = ""
    asked: Dict[str, Tuple[str, ...]] = field(default_factory=dict)
    checkpoints: bool = False
    afresh: bool = False
    inspect: bool = False
    token: str = ""


@dataclass(frozen=True)
class Release:
    """Nothing will run as `path` for a while: drop its checkpoints."""

    path: str


@dataclass(frozen=True)
class Stop:
    """`how`: `interrupt` (as Ctrl-C), `locate` (write the current line to the fault stream),
    `kill` (the run and all its descendants).
    """

    run: int
    how: StopKind


@dataclass(frozen=True)
class Inspect:
    """Look at what `name` holds at the end of a run. `slice` as between the brackets of Python.
    `query` is the answer's number.
    """

    run: int
    query: int
    name: str
    slice: str = ""


@dataclass(frozen=True)
class Quit:
    """Stop every run and leave."""


# ---- host to server, control channel -----------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """The host is warm. `devices` as torch names them, and `gpus` what each of those that is one
    calls itself; `forks`: whether it forks a run or becomes it. `tensor_attributes` has the kind
    of each attribute of `torch.Tensor`.
    """

    protocol: int
    pid: int
    python: str
    executable: str
    torch: str
    devices: Tuple[str, ...]
    forks: bool
    seconds: float
    gpus: Dict[str, str] = field(default_factory=dict)
    tensor_attributes: Dict[str, AttributeKind] = field(default_factory=dict)


@dataclass(frozen=True)
class NotReady:
    """The host cannot run programs; or, from a run, it cannot use the device or the directory.

    `detail` is a version, a device, or the first line of torch's own message.
    """

    code: NotReadyCode
    detail: str = ""


@dataclass(frozen=True)
class Rejected:
    """The run did not start.

    `syntax`: the text does not parse, see `problem`. `unchanged`: its code equals that of the last
    run. `stale`: the checkpoint cannot resume with this text; the host starts the run afresh.
    """

    run: int
    reason: RejectionReason
    problem: Optional[SyntaxProblem] = None


@dataclass(frozen=True)
class Forked:
    """The process of a run has been forked. `resumed` and `checkpoint` as in `Started`."""

    run: int
    pid: int
    resumed: int = 0
    checkpoint: int = 0


@dataclass(frozen=True)
class Exited:
    """The run's process is gone. `status` is its exit status, `signal` what killed it, or 0.
    `swept` counts the processes that it had left behind.
    """

    run: int
    status: int
    signal: int
    swept: int = 0


@dataclass(frozen=True)
class CheckpointDropped:
    """The `number`-th checkpoint of `run` is gone: no run will resume from it."""

    run: int
    number: int


# ---- host to checkpoint --------------------------------------------------------------------------


@dataclass(frozen=True)
class ResumeRequest:
    """Resume from this checkpoint as `request`, whose descriptors come beside this message.

    `edited_step` and `edited_body_index` name the last point up to which the edit changed nothing,
    as in `CheckpointMade`; the step is -1 if there is none. `in_place`: the checkpoint itself
    becomes the run instead of a fork of it, since its spare stays.
    """

    request: Run
    edited_step: int
    edited_body_index: int
    in_place: bool


@dataclass(frozen=True)
class MakeSpare:
    """Fork a spare of this checkpoint. The answer is the spare's `CheckpointMade`."""


@dataclass(frozen=True)
class Adopt:
    """The host has stored this spare: it may lead a session of its own."""


# ---- run to host, the run's registrar ------------------------------------------------------------


@dataclass(frozen=True)
class CheckpointMade:
    """Process `pid` is the `number`-th checkpoint of `run`. The far end of its socket comes beside
    this message.

    It is suspended before step `step`; or, if `body_index` is not 0, before that statement of the
    body of the function that the step calls. `work`: seconds that the program has run up to there.
    `resumes`: whether a run may resume from it. Its tensors can be inspected in any case.
    """

    run: int
    pid: int
    number: int
    step: int
    body_index: int
    work: float
    resumes: bool = True


@dataclass(frozen=True)
class Inspected:
    """The answer to an `Inspect`: the tensor, or the `problem` with the question."""

    run: int
    query: int
    inspection: Optional[Inspection] = None
    problem: Optional[UserMessage] = None


# ---- run to server, the run's own channel --------------------------------------------------------


@dataclass(frozen=True)
class Started:
    """The program's first statement is about to run; the clock starts. `device` is in force: `cpu`,
    `cuda:1`, `mps`, `simulated`. `gpus` are those that the program can see, by their torch names;
    `None` where that is not known. If the run resumes from checkpoint number `checkpoint` of
    an earlier run, `resumed`, everything seen above has been sent before this, and `line` (from 0)
    is the line it resumes at.
    """

    run: int
    device: str
    gpus: Optional[Dict[str, str]] = None
    resumed: int = 0
    checkpoint: int = 0
    line: Optional[int] = None


@dataclass(frozen=True)
class InstrumentedFile:
    """A file whose code is watched in this run. `digest`: hex SHA-256 of its text in UTF-8."""

    run: int
    path: str
    digest: str


@dataclass(frozen=True)
class HintLocations:
    """Places that this run will speak of by their ids."""

    run: int
    locations: Tuple[HintLocation, ...]


@dataclass(frozen=True)
class NewSignature:
    """A signature that is new at its place, the `count`-th sighting there. `worker`: seen in a
    process that the program forked (a DataLoader's worker), which no `Tally` counts.
    """

    run: int
    location: int
    value: Value
    count: int
    details: Optional[TensorDetails] = None
    worker: bool = False


@dataclass(frozen=True)
class LocationTally:
    """The counts at one hint location, in the order of its `NewSignature` messages (not those of
    forked workers).

    `last` is the index of the signature seen last. `lower_bound`: passes went by unwatched, so that
    counts may be higher.
    """

    location: int
    counts: Tuple[int, ...]
    last: int
    lower_bound: bool
    details: Optional[TensorDetails] = None


@dataclass(frozen=True)
class Tally:
    run: int
    tallies: Tuple[LocationTally, ...]


@dataclass(frozen=True)
class CurrentLine:
    """The line (from 0) that is being executed, of a program that takes its time."""

    run: int
    path: str
    line: int


@dataclass(frozen=True)
class Unreached:
    """Lines of a file that were never executed in a run that is over: pairs of the first and the
    last line, from 0. What cannot be told is not among them.
    """

    run: int
    path: str
    lines: Tuple[Tuple[int, ...], ...]


@dataclass(frozen=True)
class LiveTensor:
    """A tensor that a name of the top level holds. `storage` tells shared memory apart."""

    name: str
    value: Value
    nbytes: int
    storage: int


@dataclass(frozen=True)
class Namespace:
    """The tensors alive at the end of the program, by name. Very many come in several messages."""

    run: int
    tensors: Tuple[LiveTensor, ...]


@dataclass(frozen=True)
class DeviceMemory:
    """Bytes of one device: `allocated` lies in tensors, `reserved` is what torch keeps for them,
    `peak` the most that was ever allocated. `None` where nobody counts that.
    """

    device: str
    allocated: int
    reserved: Optional[int] = None
    peak: Optional[int] = None


@dataclass(frozen=True)
class MemoryUse:
    """What the program holds of each device that it uses. A GPU of real hardware is named from when
    the program has initialised it, the CPU at the end alone.
    """

    run: int
    devices: Tuple[DeviceMemory, ...]


@dataclass(frozen=True)
class Truncated:
    """Output past the limit was left out. `stream` is `stdout` or `stderr`; `last_line` ends what
    was left out. Comes once when the limit is reached, with nothing dropped yet, and at the end.
    """

    run: int
    stream: StreamName
    dropped_bytes: int
    last_line: str


@dataclass(frozen=True)
class NoCheckpoint:
    """No checkpoint could be made before `line` (from 0). Sent once per `reason`.

    `runner/checkpoint/hazards.py` detects the reasons.
    """

    run: int
    reason: CheckpointHazard
    line: int


@dataclass(frozen=True)
class Failed:
    run: int
    failure: Failure


@dataclass(frozen=True)
class Ended:
    """The program came to its end. `exit_status` is what `python FILE` would exit with.
    `seconds` is measured from `Started`. `interrupted`: by KeyboardInterrupt.
    """

    run: int
    exit_status: int
    seconds: float
    interrupted: bool = False


@dataclass(frozen=True)
class CheckVerdict:
    """What a lesson's check says of the program that has just ended. `verdict`: `correct`,
    `incorrect`, `not_attempted`, `error_in_your_code`, `cannot_check`. `kind` is, of something
    incorrect, the first difference: `type`, `rank`, `shape`, `dtype`, `device`, `requires_grad`,
    `values`; of something not attempted `missing`; of an error `exception` or `endless`; of what
    could not be checked `broken`, `crashed`, `timeout` or `simulated` (there are no values).
    `fields` fill the places of its sentence; `line` (from 0) is the learner's. `check` is empty
    where the whole file of checks is broken.
    """

    run: int
    check: str
    verdict: VerdictWord
    kind: Optional[VerdictKind] = None
    fields: Dict[str, str] = field(default_factory=dict)
    line: Optional[int] = None
    seconds: float = 0.0


Request = Union[Run, Stop, Release, Inspect, Quit]
FromHost = Union[Ready, NotReady, Rejected, Forked, Exited, CheckpointDropped, Inspected]
FromRun = Union[
    Started,
    InstrumentedFile,
    HintLocations,
    NewSignature,
    Tally,
    CurrentLine,
    Unreached,
    Namespace,
    MemoryUse,
    Truncated,
    NoCheckpoint,
    Failed,
    Ended,
    CheckVerdict,
]
