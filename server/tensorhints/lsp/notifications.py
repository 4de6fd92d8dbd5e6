"""The shapes of this server's own notifications and of its commands' answers.

docs/protocol.md describes them field by field, and a test keeps the two alike. Names are those of
the wire; lines and characters count from 0, in the negotiated units.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunNotification:
    """`tensorhints/run`: a program's state has changed."""

    uri: str
    run: int
    phase: str
    live: bool
    explicit: bool
    device: str
    deviceText: str  # noqa: N815 - the wire's name
    outcome: str | None
    elapsedMs: float | None  # noqa: N815 - the wire's name
    resumedLine: int | None  # noqa: N815 - the wire's name
    whole: str | None


@dataclass(frozen=True)
class OutputNotification:
    """`tensorhints/output`: the program printed."""

    uri: str
    run: int
    stream: str
    text: str


@dataclass(frozen=True)
class TensorsNotification:
    """`tensorhints/tensors`: the inspector's rows; `rows` and `totals` as the command answers."""

    uri: str
    run: int
    device: str
    rows: list[object]
    totals: dict[str, object]


@dataclass(frozen=True)
class LinesNotification:
    """`tensorhints/lines`: lines that a run marks have changed."""

    uri: str
    running: int | None
    failed: int | None
    unreached: list[list[int]]


@dataclass(frozen=True)
class RunAnswer:
    """What `tensorhints.server.run` answers once the run has ended."""

    run: int
    outcome: str
    elapsedMs: float  # noqa: N815 - the wire's name
    device: str


@dataclass(frozen=True)
class TensorsAnswer:
    """What `tensorhints.server.tensors` answers."""

    run: int
    device: str
    rows: list[object]
    totals: dict[str, object]


@dataclass(frozen=True)
class StatisticsData:
    """Of the numbers that were looked at; texts are as a label would show them."""

    looked: int
    min: str | None
    max: str | None
    mean: str | None
    std: str | None
    nan: int
    inf: int
    zeros: int
    trues: int | None


@dataclass(frozen=True)
class HistogramData:
    """How many of the finite numbers lie between two edges."""

    edges: list[float]
    counts: list[int]


@dataclass(frozen=True)
class BlockData:
    """A window on the slice, as text."""

    row: int
    column: int
    cells: list[list[str]]


@dataclass(frozen=True)
class HeatMapData:
    """All of the slice, made smaller where it is large."""

    values: list[list[float | str]]
    min: float | None
    max: float | None
    rowStep: int  # noqa: N815 - the wire's name
    columnStep: int  # noqa: N815 - the wire's name


@dataclass(frozen=True)
class ImageData:
    """The last three dimensions as a picture: bytes in base64, row by row."""

    width: int
    height: int
    channels: int
    low: float
    high: float
    data: str


@dataclass(frozen=True)
class TensorAnswer:
    """What `tensorhints.server.tensor` answers. Where there are no values to show, `reason` says
    why, and `statistics` and all that follows is null.
    """

    run: int
    name: str
    label: str
    shape: list[int | str] | None
    dtype: str
    device: str | None
    layout: str | None
    strides: list[int] | None
    requiresGrad: bool  # noqa: N815 - the wire's name
    grad: str | None
    bytes: int | None
    reason: str | None
    shows: str | None = None
    sizes: list[int] | None = None
    indices: list[int | None] | None = None
    rowAxis: int | None = None  # noqa: N815 - the wire's name
    columnAxis: int | None = None  # noqa: N815 - the wire's name
    sampled: bool | None = None
    statistics: StatisticsData | None = None
    histogram: HistogramData | None = None
    block: BlockData | None = None
    heat: HeatMapData | None = None
    image: ImageData | None = None


@dataclass(frozen=True)
class LessonAnswer:
    """What `tensorhints.server.lesson` answers. From `step` on it is of one step, and null where
    none was asked for.
    """

    course: str
    lesson: str
    number: int
    title: str
    locale: str
    minutes: int
    concepts: list[str]
    requires: list[str]
    path: str
    starter: str
    lead: str
    secondsSpent: int  # noqa: N815 - the wire's name
    steps: list[dict[str, object]]
    step: str | None = None
    kind: str | None = None
    stepTitle: str | None = None  # noqa: N815 - the wire's name
    state: str | None = None
    html: str | None = None
    markdown: str | None = None
    choices: list[dict[str, object]] | None = None
    hints: list[dict[str, object]] | None = None
    hintsShown: int | None = None  # noqa: N815 - the wire's name
    hintsTotal: int | None = None  # noqa: N815 - the wire's name
    checks: list[str] | None = None
    names: list[str] | None = None


@dataclass(frozen=True)
class QuestionAnswer:
    """What `tensorhints.server.quiz` answers without a choice."""

    lesson: str
    step: str
    title: str
    question: str
    choices: list[dict[str, object]]


@dataclass(frozen=True)
class ProofData:
    """What running the code of a choice gave: one of `output` and `error`."""

    code: str
    output: str | None
    error: str | None


@dataclass(frozen=True)
class QuizAnswer:
    """What `tensorhints.server.quiz` answers to a choice."""

    step: str
    choice: str
    correct: bool
    explanation: str
    html: str
    proof: ProofData | None


@dataclass(frozen=True)
class CheckAnswer:
    """What `tensorhints.server.check` answers once the file has run."""

    step: str
    verdict: str
    check: str | None
    message: str
    line: int | None


@dataclass(frozen=True)
class HintAnswer:
    """What `tensorhints.server.hint` answers: the next rung of the ladder."""

    step: str
    number: int
    count: int
    markdown: str
    html: str


@dataclass(frozen=True)
class SolutionAnswer:
    """What `tensorhints.server.solution` answers."""

    step: str
    code: str
    before: str
    after: str
    applied: bool


@dataclass(frozen=True)
class ResetAnswer:
    """What `tensorhints.server.reset` answers."""

    lesson: str
    path: str
    backup: str
    applied: bool


@dataclass(frozen=True)
class ProgressAnswer:
    """What `tensorhints.server.progress` answers."""

    course: str
    locale: str
    locales: list[str]
    lessons: list[dict[str, object]]


@dataclass(frozen=True)
class PageAnswer:
    """What `tensorhints.server.page` answers."""

    page: str
    address: str


@dataclass(frozen=True)
class ProgressNotification:
    """`tensorhints/progress`: a verdict has come, or a step's state has changed."""

    lesson: str
    uri: str | None
    steps: list[dict[str, object]]


@dataclass(frozen=True)
class ErrorAnswer:
    """What any command answers to an argument that it cannot use."""

    error: str
