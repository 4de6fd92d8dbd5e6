"""The commands of lessons one by one: what they answer, what they change, what they leave alone."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from protocol.editor import plain
from protocol.learner import Learner, learning

STARTER_LINES = ("F_new = ...", "output = ...", "F_flat = ...")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Learner]:
    async with learning(tmp_path_factory.mktemp("lessons"), "neovim") as me:
        yield me


@pytest_asyncio.fixture(loop_scope="session")
async def me(shared: Learner) -> AsyncIterator[Learner]:
    """A learner without open files."""
    yield shared
    shared.editor.tidy()
    shared.answers.clear()
    shared.editor.client.shown_documents.clear()
    await shared.command("lesson", locale="en", lesson="tensors")


async def opened(me: Learner, lesson: str = "tensors") -> str:
    return me.open((await me.command("lesson", lesson=lesson))["path"])


async def test_an_opened_lesson_runs_whole_for_the_first_time(me: Learner) -> None:
    for _ in range(2):
        uri = await opened(me)
        await me.until_lens(uri, "The whole file ran: it was its first run.")
        me.editor.close(uri)


# ---- what is meant


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("lesson", "lesson"),
        ("quiz", "choices"),
        ("check", "verdict"),
        ("hint", "markdown"),
        ("solution", "code"),
        ("reset", "backup"),
        ("progress", "lessons"),
    ],
)
async def test_a_command_without_arguments_means_the_lesson_used_last(
    me: Learner, name: str, field: str
) -> None:
    await opened(me)
    given: list[list[Any]] = [[], [{}], [None]]
    for arguments in given:
        answer = await me.editor.command(name, *arguments)
        assert field in answer
        assert answer.get("lesson", "tensors") == "tensors"


@pytest.mark.parametrize("name", ["lesson", "quiz", "hint", "solution", "check", "reset"])
@pytest.mark.parametrize(
    "argument",
    [
        {"lesson": "no-such-lesson"},
        {"lesson": "tensors", "step": "no-such-step"},
        {"lesson": ""},
        {"lesson": "tensors", "step": ""},
        {"lesson": 7},
        {"nonsense": "x"},
        {"uri": "file:///nowhere.py"},
        ["tensors"],
        "tensors",
    ],
    ids=str,
)
async def test_a_wrong_argument_is_answered_by_one_sentence(
    me: Learner, name: str, argument: Any
) -> None:
    answer = await me.editor.command(name, argument)
    assert list(answer) == ["error"]
    assert answer["error"]
    assert "went wrong" not in answer["error"]
    # Its editor looks at no answer.
    assert await me.message(answer["error"])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("quiz", {"step": "row"}),
        ("quiz", {"step": "uniform", "choice": "no-such-choice"}),
        ("check", {"step": "uniform"}),
        ("hint", {"step": "structure"}),
        ("lesson", {"locale": "fr"}),
    ],
)
async def test_a_step_of_another_kind_is_refused(
    me: Learner, name: str, fields: dict[str, str]
) -> None:
    assert "error" in await me.command(name, lesson="tensors", **fields)


async def test_checking_a_lesson_that_is_not_open_asks_to_open_it(me: Learner) -> None:
    assert "Open the lesson's file" in (await me.command("check", lesson="tensors"))["error"]


# ---- the working copy


async def test_the_working_copy_is_never_overwritten(me: Learner) -> None:
    path = Path((await me.command("lesson", lesson="autograd"))["path"])
    starter = (await me.command("lesson", lesson="autograd"))["starter"]
    assert path.read_text(encoding="utf-8") == starter
    path.write_text("# mine\n", encoding="utf-8")
    assert (await me.command("lesson", lesson="autograd"))["path"] == str(path)
    assert path.read_text(encoding="utf-8") == "# mine\n"


async def test_the_solution_changes_the_lines_of_its_step_alone(me: Learner) -> None:
    uri = await opened(me)
    me.write(uri, "F_new = ...", "note = 'mine'\nF_new = ...")
    before = me.editor.texts[uri].split("\n")
    answer = await me.command("solution", uri=uri, step="flat")
    after = me.editor.texts[uri].split("\n")
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [("F_flat = ...", answer["code"])]
    me.undo(uri)
    assert me.editor.texts[uri].split("\n") == before


async def test_a_reset_gives_the_starter_again_and_keeps_the_work(me: Learner) -> None:
    uri = await opened(me)
    starter = me.editor.texts[uri]
    me.write(uri, "F_new = ...", "F_new = 'my work'")
    mine = me.editor.texts[uri]
    answer = await me.command("reset")
    assert me.editor.texts[uri] == starter
    assert Path(answer["backup"]).read_text(encoding="utf-8") == mine
    assert Path(answer["backup"]).parent == Path(answer["path"]).parent
    me.undo(uri)
    assert me.editor.texts[uri] == mine


async def test_a_reset_of_a_step_leaves_the_others(me: Learner) -> None:
    uri = await opened(me)
    me.write(uri, "F_new = ...", "F_new = F[None]")
    me.write(uri, "output = ...", "output = F_new @ W")
    await me.command("reset", uri=uri, step="product")
    text = me.editor.texts[uri]
    assert "F_new = F[None]\n" in text
    assert "output = ...\n" in text


async def test_a_reset_of_a_file_that_is_not_open_writes_it(me: Learner) -> None:
    path = Path((await me.command("lesson", lesson="autograd"))["path"])
    path.write_text("# mine\n", encoding="utf-8")
    answer = await me.command("reset", lesson="autograd")
    assert Path(answer["backup"]).read_text(encoding="utf-8") == "# mine\n"
    assert path.read_text(encoding="utf-8") != "# mine\n"


# ---- hints


async def test_hints_come_one_at_a_time_and_the_last_one_stays(me: Learner) -> None:
    await opened(me)
    numbers = [(await me.command("hint", step="product"))["number"] for _ in range(5)]
    last = max(numbers)
    assert numbers == [min(number, last) for number in range(numbers[0], numbers[0] + 5)]


# ---- proofs


async def test_a_choice_is_proved_by_running_it(me: Learner) -> None:
    right = await me.command("quiz", lesson="tensors", step="uniform", choice="rand")
    wrong = await me.command("quiz", lesson="tensors", step="uniform", choice="uniform")
    assert (right["correct"], wrong["correct"]) == (True, False)
    assert right["proof"]["code"] == "torch.rand(5, 5)"
    assert right["proof"]["output"].startswith("tensor([[")
    assert right["proof"]["error"] is None
    assert wrong["proof"]["output"] is None
    assert wrong["proof"]["error"].startswith("AttributeError: ")
    assert "uniform" in wrong["proof"]["error"]


@pytest.mark.usefixtures("simulation")
@pytest.mark.parametrize("choice", ["error", "moves", "returns"])
async def test_a_claim_about_a_gpu_is_proved_on_any_machine(me: Learner, choice: str) -> None:
    answer = await me.command("quiz", lesson="tensors", step="mixed", choice=choice)
    assert answer["correct"] is (choice == "error")
    assert answer["proof"]["output"] is None
    assert "cpu" in answer["proof"]["error"]
    assert "cuda:0" in answer["proof"]["error"]


# ---- actions and pages


async def test_a_lessons_file_offers_the_whole_lesson_as_actions(me: Learner) -> None:
    uri = await opened(me)
    line = me.editor.texts[uri].split("\n").index("output = ...")
    titles = list(await me.actions(uri, line))
    for begin in (
        "Check step 2",
        "Next hint for step 2",
        "Show the solution of step 2",
        "Start the quiz",
        "Next step",
        "Read this lesson's page",
        "Ler as lições em português",
        "Reset this lesson",
        "Open a lesson",
    ):
        assert [title for title in titles if title.startswith(begin)], begin


async def test_any_other_python_file_only_offers_to_open_a_lesson(me: Learner) -> None:
    uri = me.editor.open("program.py", "x = 1\n")
    assert list(await me.actions(uri)) == ["Open a lesson… (Tensor Hints)"]


async def test_the_language_changes_for_all_that_follows(me: Learner) -> None:
    uri = await opened(me)
    actions = await me.actions(uri)
    await me.act(actions["Ler as lições em português"])
    assert (await me.command("lesson", lesson="tensors"))["locale"] == "pt-BR"
    assert "Read the lessons in English" in await me.actions(uri)
    assert any("Lição 1" in title for _, title in await me.lenses(uri))


async def test_the_next_step_is_the_first_that_is_not_solved(me: Learner) -> None:
    uri = await opened(me)
    title = next(title for title in await me.actions(uri) if title.startswith("Next step"))
    answered = await me.act((await me.actions(uri))[title])
    assert answered["step"] is not None
    assert title == f"Next step: {answered['stepTitle']}"


async def test_a_program_that_is_not_a_lesson_has_the_usual_lenses(me: Learner) -> None:
    uri = me.editor.open("program.py", "x = 1\n")
    assert [title for _, title in await me.lenses(uri)] == ["▶ Run"]


# ---- other editors


async def test_an_editor_that_cannot_ask_has_the_answers_as_actions(tmp_path: Path) -> None:
    async with learning(tmp_path, "helix", can_be_asked=False) as me:
        uri = await opened(me)
        await me.command("quiz", step="uniform")
        await me.message("Answer with a code action")
        answers = [c for t, c in (await me.actions(uri)).items() if t.startswith("Answer: ")]
        assert len(answers) == 4
        given = [(await me.act(answer))["correct"] for answer in answers]
        assert given.count(True) == 1
        left = [t for t in await me.actions(uri) if t.startswith("Answer: ")]
        assert left == []


async def test_a_client_with_pages_of_its_own_is_answered_with_data_alone(tmp_path: Path) -> None:
    async with learning(tmp_path, "vscode", extensions=True) as me:
        answered = await me.command("lesson", lesson="tensors", step="row", read=False)
        assert answered["kind"] == "challenge"
        assert {step["state"] for step in answered["steps"]} == {"open"}
        assert "<p>" in answered["html"]
        assert answered["hintsShown"] == 0
        uri = me.open(answered["path"])
        me.write(uri, "F_new = ...", "F_new = F.view(1, -1)")

        def solved() -> Any:
            found = (sent for sent in me.progress if sent["lesson"] == "tensors")
            steps = (step for sent in found for step in sent["steps"] if step["id"] == "row")
            return next((s for s in steps if s["state"] == "done" and s["verdict"]), None)

        step = await me.editor.until(solved)
        assert step["verdict"]["verdict"] == "correct"
        assert me.progress[-1]["uri"] == uri
        await me.command("hint", step="flat")
        assert me.editor.client.shown_documents == []
        assert me.editor.shown_messages() == []
        assert me.questions == []


async def test_a_solution_can_be_looked_at_beside_the_learners_own_text(tmp_path: Path) -> None:
    async with learning(tmp_path, "vscode", extensions=True) as me:
        path = (await me.command("lesson", lesson="tensors", step="row"))["path"]
        uri = me.open(path)
        text = me.editor.texts[uri]
        answer = await me.command("solution", uri=uri, step="row", apply=False)
        assert (answer["applied"], answer["before"], me.editor.texts[uri]) == (False, text, text)
        changed = set(answer["after"].splitlines()) - set(text.splitlines())
        assert changed == set(answer["code"].splitlines())
        me.editor.close(uri)
        closed = await me.command("solution", lesson="tensors", step="row", apply=False)
        assert (closed["before"], closed["after"]) == (text, answer["after"])


async def test_the_time_with_a_lesson_is_kept(tmp_path: Path) -> None:
    async with learning(tmp_path, "vscode", extensions=True) as me:
        assert (await me.command("lesson", lesson="tensors"))["secondsSpent"] == 0
        for seconds in (14, 1.6):
            sent = await me.command("progress", lesson="tensors", seconds=seconds)
        assert {each["lesson"]: each["secondsSpent"] for each in sent["lessons"]}["tensors"] == 16
        assert (await me.command("lesson", lesson="tensors"))["secondsSpent"] == 16
        for wrong in (-1, 1e9, "many", True):
            answer = await me.command("progress", lesson="tensors", seconds=wrong)
            assert "argument is wrong" in answer["error"]
    async with learning(tmp_path, "vscode", extensions=True) as again:
        assert (await again.command("lesson", lesson="tensors"))["secondsSpent"] == 16


async def test_a_setting_chooses_the_language_of_lessons(tmp_path: Path) -> None:
    async with learning(tmp_path, "vscode", extensions=True, configuration={}) as me:
        assert (await me.command("lesson", lesson="tensors"))["locale"] == "en"
        await me.editor.configure({"lessons": {"locale": "pt-BR"}})
        answer = await me.command("lesson", lesson="tensors", step="uniform")
        assert (answer["locale"], answer["number"]) == ("pt-BR", 1)
        await me.command("lesson", lesson="tensors", locale="en")
        assert (await me.command("progress"))["locale"] == "en"
        await me.editor.configure({"lessons": {"locale": "fr"}})
        await me.editor.until(
            lambda: any("lessons.locale" in sent for sent in me.editor.shown_messages())
        )
        assert (await me.command("progress"))["locale"] == "en"


async def test_a_page_is_a_document_of_the_server_if_the_client_reads_them(
    tmp_path: Path,
) -> None:
    def reads(capabilities: types.ClientCapabilities) -> None:
        assert capabilities.workspace is not None
        capabilities.workspace.text_document_content = types.TextDocumentContentClientCapabilities()

    async with learning(tmp_path, "vscode", capable=reads) as me:
        workspace = me.editor.initialized.capabilities.workspace
        assert workspace is not None
        assert workspace.text_document_content is not None
        assert plain(workspace.text_document_content.schemes) == ["tensorhints"]
        await me.command("lesson", lesson="tensors")
        (uri,) = await me.editor.until(lambda: me.shown(".md"))
        assert uri == "tensorhints:/tensors/en.md"
        shown = await me.editor.client.workspace_text_document_content_async(
            types.TextDocumentContentParams(uri)
        )
        assert shown.text.startswith("# ")
        assert not list((tmp_path / "state").rglob("*.md"))


async def test_an_untrusted_workspace_shows_lessons_and_runs_nothing(tmp_path: Path) -> None:
    async with learning(tmp_path, "vscode", trusted=False) as me:
        uri = await opened(me)
        assert "trust" in (await me.command("check", uri=uri))["error"]
        answer = await me.command("quiz", lesson="tensors", step="uniform", choice="rand")
        assert answer["correct"] is True
        assert "trust" in answer["proof"]["error"]


async def test_progress_of_a_newer_version_is_kept_and_lessons_work(tmp_path: Path) -> None:
    path = tmp_path / "state" / "progress.sqlite3"
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("CREATE TABLE kept (something TEXT)")
    database.close()
    before = path.read_bytes()
    async with learning(tmp_path, "neovim") as me:
        answer = await me.command("quiz", lesson="tensors", step="uniform", choice="rand")
        assert answer["correct"] is True
        assert "progress.sqlite3" in await me.message("progress.sqlite3")
        lessons = (await me.command("progress"))["lessons"]
        assert {s["id"]: s["state"] for s in lessons[0]["steps"]}["uniform"] == "done"
    assert path.read_bytes() == before


async def test_two_editors_share_the_progress(tmp_path: Path) -> None:
    async with learning(tmp_path, "neovim") as one, learning(tmp_path, "helix") as other:
        await one.command("quiz", lesson="tensors", step="uniform", choice="rand")
        lessons = (await other.command("progress"))["lessons"]
        assert {s["id"]: s["state"] for s in lessons[0]["steps"]}["uniform"] == "done"
