"""A lesson's file in a session: it is judged after each run, and verdicts follow their lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from tensorhints.course.folders import STATE_VARIABLE
from tensorhints.course.library import Library
from tensorhints.course.loader import load
from tensorhints.engine.pool import Pool
from tensorhints.model.messages import CheckVerdict
from tensorhints.model.user_messages import UserMessage
from tensorhints.session.errors import RefusedError
from tensorhints.session.runs.states import ProgramState
from tensorhints.session.session import Session
from tensorhints.session.text.documents import Edit, Position
from tensorhints.study.files import create_working_copy
from tensorhints.study.library import LessonLibrary

from .conftest import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

URI = "file:///lesson.py"

COURSE = {
    "course.toml": """
format_version = 1
id = "small"
locales = ["en"]
lessons = ["01-rows"]

[title]
en = "Small"
""",
    "01-rows/lesson.toml": """
format_version = 1
id = "rows"
minutes = 5
concepts = ["shape"]
requires = []

[[step]]
id = "row"
kind = "challenge"
checks = "checks.py"
check = ["row.shape"]
hints = 1
names = ["F_new"]

[[step]]
id = "flat"
kind = "challenge"
checks = "checks.py"
check = ["flat.shape", "flat.values"]
hints = 1
names = ["F_flat"]
""",
    "01-rows/en.md": """
# Rows {#lesson}

## A row {#row}

Make it a row.

### Hints {#row-hints}

1. Add a dimension.

### Feedback {#row-feedback}

- `row.shape`: `{name}` has shape `{actual}`.

## Flat {#flat}

Make it flat.

### Hints {#flat-hints}

1. Flatten it.

### Feedback {#flat-feedback}

- `flat.shape`: `{name}` has shape `{actual}`.
""",
    "01-rows/rows.py": """\
import torch

F = torch.rand(10)
F_new = ...
F_flat = ...
""",
    "01-rows/solution.py": "import torch\n",
    "01-rows/checks.py": """
@check("row.shape", needs=["F_new"])
def _(F_new):
    expect(F_new).shape(1, 10)

@check("flat.shape", needs=["F_flat"])
def _(F_flat):
    expect(F_flat).shape(10)

@check("flat.values", needs=["F", "F_flat"], vary={"F": lambda: torch.rand(10)})
def _(F, F_flat):
    expect(F_flat).values(F)
""",
}


@dataclass
class Editor:
    """Satisfies `session.Listener`, and waits for verdicts."""

    judged: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def hints_changed(self) -> None: ...

    def hints_settled(self) -> None: ...

    def diagnostics_changed(self, uris: Sequence[str]) -> None: ...

    def state_changed(self, state: ProgramState) -> None: ...

    def tensors_changed(self, uri: str) -> None: ...

    def lines_changed(self, uris: Sequence[str]) -> None: ...

    def printed(self, uri: str, run: int, stream: str, text: str) -> None: ...

    def user_message(self, user_message: UserMessage) -> None: ...

    def verdicts_changed(self, uri: str) -> None:
        self.judged.put_nowait(uri)

    async def next_verdicts(self) -> str:
        return await asyncio.wait_for(self.judged.get(), PATIENCE)


@dataclass
class Learner:
    """A learner who edits a lesson's file."""

    session: Session
    editor: Editor
    path: Path
    version: int = 1

    def open(self, text: str | None = None) -> None:
        text = self.path.read_text(encoding="utf-8") if text is None else text
        self.session.open(URI, str(self.path), text, self.version, "python")

    @property
    def text(self) -> str:
        document = self.session.documents.at(URI)
        assert document is not None
        return document.text.text

    def replace(self, old: str, new: str) -> None:
        line = next(n for n, source in enumerate(self.text.split("\n")) if source == old)
        self.version += 1
        edit = Edit(new, Position(line, 0), Position(line, len(old)))
        self.session.edit(URI, [edit], self.version)

    def verdicts(self) -> dict[str, CheckVerdict]:
        return {verdict.check: verdict for verdict in self.session.results.verdicts(URI)}

    async def judge(self) -> dict[str, CheckVerdict]:
        await asyncio.wait_for(self.session.runs.judge(URI), PATIENCE)
        return self.verdicts()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "course"
    for name, text in COURSE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    course, diagnostics = load(folder)
    assert diagnostics == ()
    return Library(course)


@pytest_asyncio.fixture(loop_scope="session")
async def learner(
    pool: Pool, python: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Learner]:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path))
    editor = Editor()
    session = Session(pool, editor, folders=[], trusted=True, lessons=LessonLibrary(library))
    session.configure({"run": {"interpreter": str(python)}})
    yield Learner(session, editor, create_working_copy(next(iter(library))))
    for attempt in session.runs.under_way:
        session.runs.stop(URI)
        await asyncio.wait_for(attempt.ended, PATIENCE)
    session.close_document(
        URI
    )  # Otherwise the checkpoints of its runs stay in the host that all tests share.


async def test_a_lesson_is_judged_when_it_is_opened(learner: Learner) -> None:
    learner.open()
    await learner.editor.next_verdicts()
    assert {verdict.verdict for verdict in learner.verdicts().values()} == {"not_attempted"}


async def test_each_edit_is_judged_and_only_edited_lines_lose_their_verdict(
    learner: Learner,
) -> None:
    learner.open()
    await learner.editor.next_verdicts()
    learner.replace("F_new = ...", "F_new = F")
    waiting = learner.verdicts()
    assert "row.shape" not in waiting
    assert waiting["flat.shape"].verdict == "not_attempted"
    await learner.editor.next_verdicts()
    wrong = learner.verdicts()["row.shape"]
    assert (wrong.verdict, wrong.fields["actual"]) == ("incorrect", "(10,)")
    learner.replace("F_new = F", "F_new = F[None]")
    await learner.editor.next_verdicts()
    assert learner.verdicts()["row.shape"].verdict == "correct"


async def test_a_verdict_moves_with_its_line(learner: Learner) -> None:
    learner.open()
    before = (await learner.judge())["row.shape"].line
    assert before is not None
    learner.version += 1
    edit = Edit("# a note of my own\n", Position(1, 0), Position(1, 0))
    learner.session.edit(URI, [edit], learner.version)
    assert learner.verdicts()["row.shape"].line == before + 1


async def test_a_comment_on_the_line_keeps_its_verdict(learner: Learner) -> None:
    learner.open()
    line = (await learner.judge())["row.shape"].line
    learner.replace("F_new = ...", "F_new = ...  # later")
    assert (await learner.judge())["row.shape"].line == line


async def test_a_judged_text_does_not_run_again(learner: Learner) -> None:
    learner.open()
    await learner.judge()
    run = learner.session.runs.state(URI).run
    await learner.judge()
    assert learner.session.runs.state(URI).run == run
    learner.replace("F_new = ...", "F_new = F[None]")
    assert (await learner.judge())["row.shape"].verdict == "correct"
    assert learner.session.runs.state(URI).run > run


async def test_a_syntax_error_fails_the_checks_without_a_verdict(
    learner: Learner,
) -> None:
    learner.open()
    await learner.judge()
    learner.replace("F_new = ...", "F_new = F[")
    verdicts = await learner.judge()
    assert verdicts["row.shape"].verdict == "error_in_your_code"
    assert verdicts["row.shape"].fields["exception"] == "SyntaxError"
    assert verdicts["flat.shape"].verdict == "not_attempted"


async def test_a_program_that_never_ends_is_the_learners_error(learner: Learner) -> None:
    learner.session.configure({"run": {"timeoutSeconds": 5}})
    learner.open()
    await learner.judge()
    learner.replace("F_flat = ...", "F_flat = F")
    assert (await learner.judge())["flat.shape"].verdict == "correct"
    learner.replace("F_new = ...", "while True: F_new = F")
    verdicts = await learner.judge()
    assert verdicts["flat.shape"].verdict == "correct"
    verdict = verdicts["row.shape"]
    assert (verdict.verdict, verdict.kind) == ("error_in_your_code", "endless")
    line = learner.text.split("\n").index("while True: F_new = F")
    assert verdict.line == line


async def test_a_program_that_exits_early_is_the_learners_error(learner: Learner) -> None:
    learner.open()
    await learner.judge()
    learner.replace("F_new = ...", "import os; os._exit(0)")
    verdict = (await learner.judge())["row.shape"]
    assert (verdict.verdict, verdict.kind) == ("error_in_your_code", "crashed")


async def test_other_files_have_no_verdicts(learner: Learner, tmp_path: Path) -> None:
    learner.path = tmp_path / "mine.py"
    learner.open("x = 1\n")
    assert await learner.judge() == {}


async def test_an_untrusted_workspace_gets_no_verdicts(learner: Learner) -> None:
    learner.session.workspace.is_trusted = False
    learner.open()
    with pytest.raises(RefusedError):
        await learner.judge()
