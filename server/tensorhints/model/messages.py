"""The messages between the server and the runner. A message's name on the wire is its class name.

The server sends requests to the warm host. The host answers over its control channel; each run
sends what it observes over a channel of its own. `run` is always the id that the server gave a run.
Lines count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Literal, Optional, Tuple, Union, get_args

from .cells import Cell
from .failures import Failure, SyntaxProblem
from .inspections import Inspection
from .locations import HintLocation
from .user_messages import UserMessage
from .values import TensorDetails, Value
from .verdicts import VerdictKind, VerdictWord

PROTOCOL_VERSION = 1

StreamName = Literal["stdout", "stderr"]
STREAMS: Tuple[StreamName, ...] = get_args(StreamName)

WholeReason = Literal[
    "requested",
    "first-run",
    "new-host",
    "checkpoints-off",
    "single-use",
    "simulated",
    "compiler-warning",
    "nothing-kept",
    "memory-limit",
    "checkpoint-lost",
    "settings",
    "executed-code",
    "definition-used",
    "positions-used",
    "modules-changed",
    "files-changed",
    "file-appended",
    "file-removed",
    "file-locked",
    "not-resumable",
    "file-missing",
]
"""Why a run begins at the top and does not resume from a checkpoint. Hazards (`CheckpointHazard`)
are further reasons: with `nothing-kept`, the run above may have reported one.
"""


@dataclass(frozen=True)
class Whole:
    """The reason for a whole run.

    `detail` is the line (from 1) of the earliest checkpoint, that of the edit with `nothing-kept`,
    or the name of a file.
    """

    reason: WholeReason
    detail: str = ""


# ---- requests, server to host ----------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """Run `text` as the file `path`.

    Attributes:
        arguments: What follows `sys.argv[0]`.
        directory: The working directory; empty for the folder of the file.
        environment: Variables that are set on top of those of the host.
        device: `auto`, `cpu`, `cuda`, `cuda:N`, `mps` or `simulated`.
        buffers: The digests of the unsaved texts of other open files, by path.
        texts: Texts by their digests. A host gets each text once, and only if the program has
            imported its file before; a run requests the others (`TextRequest`).
        roots: The folders whose modules are instrumented.
        memory_limit: In bytes on top of what the host uses; 0 for no limit.
        output_limit: In bytes for each of stdout and stderr; 0 for no limit.
        only_if_changed: A file of the program. The run is rejected as `unchanged` if the code of
            this file equals its code in the last run of `path`.
        compared: The digests of the text of that file in the last run (empty if not known) and
            now; nothing if it is `path` itself.
        checks: The text of a lesson's checks, which judge the objects that the program leaves.
        checks_path: The file of that text, for tracebacks.
        answer_names: By a check's id, the names that its step asks the learner to bind.
        checkpoints: Whether to keep checkpoints along the way, and to resume from a matching one.
        afresh: Whether to run from the start even if a checkpoint matches.
        inspect: Whether to keep a checkpoint of the program's end, to inspect tensors there.
        token: A random text that marks in the output where each checkpoint was made.
        cells: The cells of a notebook, from top to bottom; empty for any other program.
        stops_at_failure: Whether a notebook ends where a cell fails, unless that is expected.
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
    texts: Dict[str, str] = field(default_factory=dict)
    only_if_changed: Optional[str] = None
    compared: Tuple[str, ...] = ()
    checks: Optional[str] = None
    checks_path: str = ""
    answer_names: Dict[str, Tuple[str, ...]] = field(default_factory=dict)
    checkpoints: bool = False
    afresh: bool = False
    inspect: bool = False
    token: str = ""
    cells: Tuple[Cell, ...] = ()
    stops_at_failure: bool = False


@dataclass(frozen=True)
class Release:
    """Drop the checkpoints of `path`: no run of it is expected soon."""

    path: str


StopKind = Literal["interrupt", "locate", "kill", "suspend", "continue"]
"""`interrupt` raises KeyboardInterrupt in the run, as Ctrl-C does. `locate` makes it write its
current lines to the fault stream and lets it continue. `kill` ends it and all its descendants.
`suspend` halts all of them where they are, until `continue`.
"""


@dataclass(frozen=True)
class Stop:
    """Signal a run."""

    run: int
    how: StopKind


@dataclass(frozen=True)
class Inspect:
    """Inspect the tensor that `name` holds at the end of a run.

    `slice` is written as between Python's brackets (`0, 3:, :`). `query` numbers the request, for
    its answer.
    """

    run: int
    query: int
    name: str
    slice: str = ""


@dataclass(frozen=True)
class Quit:
    """Stop every run and exit."""


# ---- host to server, control channel -----------------------------------------------------------

AttributeKind = Literal["function", "property"]


@dataclass(frozen=True)
class Ready:
    """The host has imported torch and accepts runs.

    Attributes:
        protocol: The host's `PROTOCOL_VERSION`.
        python: The version of Python, such as `3.12.4`; `torch` likewise.
        executable: `sys.executable` of the interpreter.
        devices: The available devices as torch names them.
        forks: Whether the host forks each run. If not, it becomes the run and ends with it.
        seconds: How long the start took.
        gpus: The names of the GPUs among the devices, by device.
        tensor_attributes: The kind of each attribute of `torch.Tensor`, for completion.
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


@dataclass(frozen=True)
class NotReady:
    """The host cannot run programs; or, from a run, it cannot use the device or the directory.

    `detail` is a version, a device, or the first line of torch's own message.
    """

    code: NotReadyCode
    detail: str = ""


RejectionReason = Literal["syntax", "unchanged", "stale"]
"""`syntax`: the text does not parse. `unchanged`: see `Run.only_if_changed`. `stale`: a checkpoint
cannot resume as the new text, and the host starts the run afresh.
"""


@dataclass(frozen=True)
class Rejected:
    """The run did not start.

    `problem` is set if the reason is `syntax`, and `whole` if it is `stale`.
    """

    run: int
    reason: RejectionReason
    problem: Optional[SyntaxProblem] = None
    whole: Optional[Whole] = None


@dataclass(frozen=True)
class Forked:
    """The process of a run has been forked. `resumed` and `checkpoint` as in `Started`."""

    run: int
    pid: int
    resumed: int = 0
    checkpoint: int = 0


@dataclass(frozen=True)
class Exited:
    """The process of a run has ended.

    Attributes:
        status: Its exit status, 0 if a signal killed it.
        signal: The number of that signal, or 0.
        swept: How many processes the run had left behind; they have been killed.
    """

    run: int
    status: int
    signal: int
    swept: int = 0


@dataclass(frozen=True)
class Superseded:
    """The host ends a run before the next one of its program starts: it holds locks on files."""

    run: int


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
    """A checkpoint of `run` has been made. The far end of its socket comes beside this message.

    It is suspended before step `step`; or, if `body_index` is not 0, before that statement of the
    body of the function that the step calls.

    Attributes:
        pid: The process of the checkpoint.
        number: Counts the checkpoints of the run, from 1.
        work: Seconds for which the program has run up to there.
        resumes: Whether a run may resume from it. Its tensors can be inspected in any case.
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
    """The answer to `Inspect` number `query`: the tensor, or the `problem` with the request."""

    run: int
    query: int
    inspection: Optional[Inspection] = None
    problem: Optional[UserMessage] = None


# ---- run to server, the run's own channel --------------------------------------------------------


@dataclass(frozen=True)
class Started:
    """The program's first statement is about to run. Time limits count from here.

    If the run resumes from a checkpoint, the hint locations and signatures observed above it have
    been sent before this message.

    Attributes:
        device: The device in force: `cpu`, `cuda:1`, `mps`, `simulated`.
        gpus: The names of the GPUs that the program can see, by device; `None` if not known.
        resumed: The run whose checkpoint this run resumes from, or 0.
        checkpoint: The number of that checkpoint.
        line: The line at which the run resumes.
        whole: Why the run does not resume from a checkpoint.
        hiding: Files beside the program that hide modules of the standard library from a plain
            `python FILE`, but not from this run.
    """

    run: int
    device: str
    gpus: Optional[Dict[str, str]] = None
    resumed: int = 0
    checkpoint: int = 0
    line: Optional[int] = None
    whole: Optional[Whole] = None
    hiding: Tuple[str, ...] = ()


@dataclass(frozen=True)
class TextRequest:
    """The program imports a file whose unsaved text has this digest.

    The end of a pipe comes beside this message. The server writes the text to it, as
    `source_text.framed`, or closes it.
    """

    run: int
    digest: str


@dataclass(frozen=True)
class InstrumentedFile:
    """A file whose code is instrumented in this run. `digest` is `source_text.digest` of it."""

    run: int
    path: str
    digest: str


@dataclass(frozen=True)
class HintLocations:
    """Declares hint locations. Later messages of the run refer to them by id."""

    run: int
    locations: Tuple[HintLocation, ...]


@dataclass(frozen=True)
class NewSignature:
    """A signature was observed at a hint location for the first time.

    Attributes:
        location: The id of the hint location.
        count: How many observations there were at the location, this one included.
        worker: Whether it was observed in a process that the program forked, such as a worker of a
            DataLoader. No `Tally` counts those.
    """

    run: int
    location: int
    value: Value
    count: int
    details: Optional[TensorDetails] = None
    worker: bool = False


@dataclass(frozen=True)
class LocationTally:
    """The number of times that each signature was observed at one hint location.

    Attributes:
        location: The id of the hint location.
        counts: In the order of the location's `NewSignature` messages, those of workers left out.
        last: The index of the signature that was observed last; `details` belong to it.
        lower_bound: Whether probes were off for some passes, so that counts may be higher.
    """

    location: int
    counts: Tuple[int, ...]
    last: int
    lower_bound: bool
    details: Optional[TensorDetails] = None


@dataclass(frozen=True)
class Tally:
    """The current counts of those hint locations whose counts have changed."""

    run: int
    tallies: Tuple[LocationTally, ...]


@dataclass(frozen=True)
class CurrentLine:
    """The line that a program is executing, sent while it takes long."""

    run: int
    path: str
    line: int


@dataclass(frozen=True)
class Unreached:
    """Lines of a file that the run, which has ended, never executed.

    `lines` holds pairs of the first and the last line (inclusive) of each range. Lines for which
    that is not known are not included.
    """

    run: int
    path: str
    lines: Tuple[Tuple[int, ...], ...]


@dataclass(frozen=True)
class LiveTensor:
    """A tensor that a top-level name holds.

    `storage` identifies the storage within the run: tensors that share memory have the same one.
    """

    name: str
    value: Value
    nbytes: int
    storage: int


@dataclass(frozen=True)
class Namespace:
    """Tensors alive at the end of the program. A large namespace comes in several messages."""

    run: int
    tensors: Tuple[LiveTensor, ...]


@dataclass(frozen=True)
class DeviceMemory:
    """Memory of one device, in bytes; `None` for what is not counted there.

    Attributes:
        allocated: Occupied by tensors.
        reserved: Held by torch's caching allocator.
        peak: The maximum of `allocated` so far.
    """

    device: str
    allocated: int
    reserved: Optional[int] = None
    peak: Optional[int] = None


@dataclass(frozen=True)
class MemoryUse:
    """The memory that the program uses on each of its devices.

    A real GPU is included once the program has initialised it, the CPU only at the end.
    """

    run: int
    devices: Tuple[DeviceMemory, ...]


@dataclass(frozen=True)
class Truncated:
    """Output beyond the limit is dropped.

    Sent when the limit is reached, with nothing dropped yet, and once more at the end of the run.
    `last_line` is the last line of what was dropped.
    """

    run: int
    stream: StreamName
    dropped_bytes: int
    last_line: str


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
    "process-id",
    "no-memory",
    "failed-cell",
]
"""Why a fork of the run would behave differently from the run itself."""


@dataclass(frozen=True)
class NoCheckpoint:
    """No checkpoint could be made before `line`. Sent once per `reason`."""

    run: int
    reason: CheckpointHazard
    line: int


@dataclass(frozen=True)
class Failed:
    """An exception ended the program, or a cell of a notebook: the next cell follows then.

    `expected`: the cell is tagged `raises-exception`.
    """

    run: int
    failure: Failure
    expected: bool = False


@dataclass(frozen=True)
class Ended:
    """The program has ended.

    Attributes:
        exit_status: What `python FILE` would exit with.
        seconds: Since `Started`.
        interrupted: Whether a KeyboardInterrupt ended it.
    """

    run: int
    exit_status: int
    seconds: float
    interrupted: bool = False


@dataclass(frozen=True)
class CheckVerdict:
    """The result of one of a lesson's checks.

    Attributes:
        check: The check's id; empty if the whole checks file is broken.
        kind: What differs first, why the code failed, or why nothing could be checked.
        fields: The values of the placeholders in the sentence for this verdict.
        line: The learner's line that the verdict is about.
        seconds: How long the check took.
    """

    run: int
    check: str
    verdict: VerdictWord
    kind: Optional[VerdictKind] = None
    fields: Dict[str, str] = field(default_factory=dict)
    line: Optional[int] = None
    seconds: float = 0.0


Request = Union[Run, Stop, Release, Inspect, Quit]
FromHost = Union[
    Ready, NotReady, Rejected, Forked, Exited, Superseded, CheckpointDropped, Inspected
]
FromRun = Union[
    Started,
    TextRequest,
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
