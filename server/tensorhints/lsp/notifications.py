"""The shapes of the server's own notifications and of its commands' answers.

This module is the definition: `make generate` writes the tables of docs/protocol.md and the
client's schema (vscode-client/src/shared/protocol.ts) from the types and the docstrings below.
Field names are those of the JSON. Lines and characters count from 0, in the negotiated position
encoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypedDict, get_args

from tensorhints.course.format import STEP_KINDS
from tensorhints.course.states import DONE, DONE_WITH_HELP, OPEN, STARTED
from tensorhints.engine.results import Outcome
from tensorhints.model import inspections, messages, verdicts
from tensorhints.present.rows import DeviceTotal, TensorRow
from tensorhints.session.runs.states import Phase

# ---- values that are one of a few, or have a shape of their own ---------------------------------

RunPhase = Annotated[str, tuple(phase.value for phase in Phase)]
RunOutcome = Annotated[str, tuple(outcome.value for outcome in Outcome)]
OutputStream = Annotated[str, get_args(messages.StreamName)]
StepKind = Annotated[str, STEP_KINDS]
StepState = Annotated[str, (OPEN, STARTED, DONE, DONE_WITH_HELP)]
Verdict = Annotated[str, get_args(verdicts.VerdictWord)]
PageName = Annotated[str, ("lesson", "inspector")]
ShownNumbers = Annotated[str, get_args(inspections.SummaryContent)]
NotFinite = Annotated[str, ("nan", "inf", "-inf")]
ImageSide = Annotated[int, range(1, 257)]
ImageChannels = Annotated[int, (1, 3)]
LineRange = Annotated["list[int]", tuple[int, int]]


# ---- notifications ------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunNotification:
    """`tensorhints/run`: the state of a program has changed."""

    uri: str
    """The program's main file."""
    run: int
    """The current run, otherwise the last one; 0 before the first."""
    phase: RunPhase
    """`starting` may include starting Python and importing torch."""
    live: bool
    """Whether the program runs again after edits."""
    explicit: bool
    """Whether the user asked for this run."""
    suspended: bool
    """Whether the last run, in which nothing happened any more, is halted and can be continued."""
    device: str
    """The device in use: `cpu`, `cuda:1`, `mps`, `simulated`; empty before the first run."""
    deviceText: str
    """The device in use and the reason, in the user's language: `auto: cpu, no GPU visible`."""
    outcome: RunOutcome | None
    """Of the last run; null unless `phase` is `idle`."""
    elapsedMs: float | None
    """Of the last run, counted from its first statement; null unless `phase` is `idle`."""
    resumedLine: int | None
    """The line (from 0) at which the last run resumed: the lines above were not run again."""
    resumedCell: int | None
    """In a notebook, the cell (from 1, of the code cells) in which `resumedLine` counts."""
    whole: str | None
    """Why the last run began at the top instead of resuming from a checkpoint, as one sentence."""


@dataclass(frozen=True)
class OutputNotification:
    """`tensorhints/output`: the program has printed text."""

    uri: str
    run: int
    stream: OutputStream
    text: str


@dataclass(frozen=True)
class TensorsNotification:
    """`tensorhints/tensors`: the inspector's rows have changed; at most four times a second."""

    uri: str
    run: int
    device: str
    rows: list[TensorRow]
    totals: dict[str, DeviceTotal]
    """By device."""


@dataclass(frozen=True)
class LinesNotification:
    """`tensorhints/lines`: the lines that a run marks in a document; at most four times a second.

    The marks follow edits, and a line that was edited has none. When a document is closed, its
    marks are removed without a notification.
    """

    uri: str
    """The program's file, a module of the workspace, or a cell of a notebook."""
    running: int | None
    """The line that is being executed, once a program has run for more than 0.3 s."""
    failed: int | None
    """The line at which the last run failed."""
    unreached: list[LineRange]
    """Lines that the last run certainly did not execute, as pairs of first and last line."""


class StepProgress(TypedDict):
    """The progress of the learner with one step."""

    id: str
    kind: StepKind
    state: StepState
    verdict: Annotated[dict[str, Any] | None, CheckAnswer | None]
    """Null unless the step is a challenge and the lesson's file is open."""


@dataclass(frozen=True)
class ProgressNotification:
    """`tensorhints/progress`: a lesson's file was judged, or the state of a step has changed."""

    lesson: str
    uri: str | None
    """The lesson's file, if it is open."""
    steps: list[StepProgress]


# ---- answers: runs and tensors ------------------------------------------------------------------


@dataclass(frozen=True)
class RunAnswer:
    """The answer of `tensorhints.server.run`."""

    run: int
    """The run's number, unique in this server."""
    outcome: RunOutcome
    elapsedMs: float
    """Counted from the program's first statement."""
    device: str
    """The device in use."""


@dataclass(frozen=True)
class TensorsAnswer:
    """The answer of `tensorhints.server.tensors`."""

    run: int
    device: str
    rows: list[TensorRow]
    """One row for each name."""
    totals: dict[str, DeviceTotal]
    """By device."""


@dataclass(frozen=True)
class StatisticsData:
    """Statistics of a tensor's elements. Numbers that are text are written as in a label."""

    looked: int
    """The number of elements examined."""
    min: str | None
    """Of the finite numbers, like the next three; null if there are none."""
    max: str | None
    mean: str | None
    std: str | None
    """With Bessel's correction, like `torch.std`; null for a single number."""
    nan: int
    inf: int
    """Both infinities."""
    zeros: int
    trues: int | None
    """Null unless the dtype is `bool`."""


@dataclass(frozen=True)
class HistogramData:
    """The number of finite numbers between two edges."""

    edges: list[float]
    """Ascending, one more than there are counts; at most 65."""
    counts: list[int]
    """Finite numbers from one edge up to the next, which is excluded except for the last."""


@dataclass(frozen=True)
class BlockData:
    """A window of the slice, as text."""

    row: int
    """The index of the first row shown."""
    column: int
    """The index of the first column shown."""
    cells: list[list[str]]
    """At most 64 rows of at most 64 cells; one row for one dimension, one cell for none."""


@dataclass(frozen=True)
class HeatMapData:
    """The whole slice, reduced in size if it is large."""

    values: list[list[float | NotFinite]]
    """At most 128 rows of at most 128 numbers."""
    min: float | None
    """The smallest finite number in `values`; null if there is none."""
    max: float | None
    rowStep: int
    """The number of rows of the tensor that one row averages; not finite if any of them is not."""
    columnStep: int


@dataclass(frozen=True)
class ImageData:
    """The last three dimensions as a picture."""

    width: ImageSide
    height: ImageSide
    channels: ImageChannels
    """1 (grey) or 3 (red, green, blue)."""
    low: float
    """The number drawn as 0."""
    high: float
    """The number drawn as 255."""
    data: str
    """Base64 of height × width × channels bytes."""


@dataclass(frozen=True)
class TensorAnswer:
    """The answer of `tensorhints.server.tensor`. See `reason` for tensors without values."""

    run: int
    name: str
    label: str
    """As in its hint."""
    shape: list[int | str] | None
    """Null for a nested tensor; a symbolic size is a string."""
    dtype: str
    device: str | None
    """Null for a NumPy array."""
    layout: str | None
    """`strided`, `sparse_coo`, …; null for a NumPy array."""
    strides: list[int] | None
    """In elements."""
    requiresGrad: bool
    grad: str | None
    """The label of its gradient; null if it has none."""
    bytes: int | None
    reason: str | None
    """Why there are no values to show, as one sentence; all fields below are then null."""
    shows: ShownNumbers | None = None
    """`magnitudes`: of complex numbers; `stored`: only what a sparse tensor stores."""
    sizes: list[int] | None = None
    """The shape of what is shown: the tensor's own, or that of the stored values."""
    indices: list[int | None] | None = None
    """One for each dimension: the index at which it is cut, or null if it is shown."""
    rowAxis: int | None = None
    """The dimension shown from top to bottom; null if fewer than two are shown."""
    columnAxis: int | None = None
    """The dimension shown from left to right; null if none is shown."""
    sampled: bool | None = None
    """Whether statistics and histogram are computed from a sample."""
    statistics: StatisticsData | None = None
    histogram: HistogramData | None = None
    """Null if no number is finite."""
    block: BlockData | None = None
    heat: HeatMapData | None = None
    """Null if no dimension is shown, or the slice is empty."""
    image: ImageData | None = None
    """If the last three dimensions are C×H×W or H×W×C with 1 or 3 channels, at `indices`."""


# ---- answers: lessons ---------------------------------------------------------------------------


class StepOverview(TypedDict):
    """One step in the list of a lesson's steps."""

    id: str
    kind: StepKind
    title: str
    state: StepState


class ChoiceData(TypedDict):
    """One answer that a question offers."""

    id: str
    text: str
    """Markdown."""
    html: str
    provable: bool
    """Whether the choice names code that proves or refutes it."""
    tried: bool | None
    """Whether the learner's attempt was right; null before the first attempt."""


class HintData(TypedDict):
    """One hint, in both formats."""

    markdown: str
    html: str


@dataclass(frozen=True)
class LessonAnswer:
    """The answer of `tensorhints.server.lesson`: the lesson and, if one was asked for, a step."""

    course: str
    """The course's title."""
    lesson: str
    """The lesson's id."""
    number: int
    """The lesson's position in the course, from 1."""
    title: str
    locale: str
    """The language of all texts."""
    minutes: int
    concepts: list[str]
    requires: list[str]
    """The ids of other lessons."""
    path: str
    """The learner's working copy, to be opened."""
    starter: str
    """The text that the working copy started with."""
    lead: str
    """HTML."""
    secondsSpent: int
    """Time spent on this lesson, as reported by `progress`."""
    steps: list[StepOverview]
    step: str | None = None
    """The id of the requested step; if none was requested, this and all fields below are null."""
    kind: StepKind | None = None
    stepTitle: str | None = None
    state: StepState | None = None
    html: str | None = None
    """The step's page, see below."""
    markdown: str | None = None
    choices: list[ChoiceData] | None = None
    """In this learner's own order."""
    hints: list[HintData] | None = None
    """The hints shown so far."""
    hintsShown: int | None = None
    hintsTotal: int | None = None
    checks: list[str] | None = None
    """The ids of the step's checks."""
    names: list[str] | None = None
    """The variable names that the step asks for."""


class QuestionChoice(TypedDict):
    """One answer to choose, without the lesson's formatting."""

    id: str
    text: str


@dataclass(frozen=True)
class QuestionAnswer:
    """The answer of `tensorhints.server.quiz` without a choice."""

    lesson: str
    step: str
    title: str
    question: str
    """Markdown."""
    choices: list[QuestionChoice]
    """In this learner's own order."""


@dataclass(frozen=True)
class ProofData:
    """The result of running a choice's code: either `output` or `error`."""

    code: str
    """The expression that was run."""
    output: str | None
    """Its value, as `print` shows it."""
    error: str | None
    """The failure, or the reason why it could not be run."""


@dataclass(frozen=True)
class QuizAnswer:
    """The answer of `tensorhints.server.quiz` with a choice."""

    step: str
    choice: str
    correct: bool
    explanation: str
    """Markdown, for this choice."""
    html: str
    """The explanation as HTML."""
    proof: ProofData | None
    """Null if the choice names no code."""


@dataclass(frozen=True)
class CheckAnswer:
    """The answer of `tensorhints.server.check` after the file has run."""

    step: str
    verdict: Verdict
    check: str | None
    """The check that decided the verdict; null if none has run."""
    message: str
    """One sentence about the learner's own tensor."""
    line: int | None
    """The line of the step in the file."""


@dataclass(frozen=True)
class HintAnswer:
    """The answer of `tensorhints.server.hint`: the next hint of the step."""

    step: str
    number: int
    """From 1; the last one again once all are shown."""
    count: int
    """The number of hints that the step has."""
    markdown: str
    html: str


@dataclass(frozen=True)
class SolutionAnswer:
    """The answer of `tensorhints.server.solution`."""

    step: str
    code: str
    """The lines of the solution."""
    before: str
    """The working copy as it was."""
    after: str
    """The working copy with the solution of this step."""
    applied: bool
    """False if the client did not apply the edit, or the file is not open."""


@dataclass(frozen=True)
class ResetAnswer:
    """The answer of `tensorhints.server.reset`."""

    lesson: str
    path: str
    """The file that was reset."""
    backup: str
    """The file that keeps the learner's work."""
    applied: bool
    """False if the client did not apply the edit."""


class LessonOverview(TypedDict):
    """One lesson in the list of a course's lessons."""

    lesson: str
    number: int
    title: str
    minutes: int
    secondsSpent: int
    state: StepState
    steps: list[StepOverview]


@dataclass(frozen=True)
class ProgressAnswer:
    """The answer of `tensorhints.server.progress`."""

    course: str
    """The course's title."""
    locale: str
    locales: list[str]
    """The languages in which the course is written."""
    lessons: list[LessonOverview]


# ---- answers: pages and errors ------------------------------------------------------------------


@dataclass(frozen=True)
class PageAnswer:
    """The answer of `tensorhints.server.page`."""

    page: PageName
    address: str
    """For a browser on this machine; it contains the token."""


@dataclass(frozen=True)
class ErrorAnswer:
    """The answer of any command to an argument that it cannot use."""

    error: str
    """One sentence for the user."""
