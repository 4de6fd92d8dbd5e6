"""Everything besides hints: diagnostics, hover, lenses, actions, progress, the inspector."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

import interpreters
from protocol.editor import LIMIT_SECONDS, Editor, editing, plain
from tensorhints.engine.results import Outcome
from tensorhints.lsp.render.lenses import program_lenses
from tensorhints.model.devices import Device
from tensorhints.session.runs.states import LastRun, Phase, ProgramState

CPU = Device("auto", "cpu", {})
PROGRAM = "import torch\nx = torch.ones(2, 3)\ny = x.T\n"
FAILING = (
    "import torch\n"
    "def f(a, b):\n"
    "    return torch.relu(a @ b)\n"
    "F, W = torch.ones(10), torch.ones(5, 10)\n"
    "f(F, W)\n"
)
# Before Python 3.11 code objects have no columns: all that is returned is underlined.
FAILED = (22, 27) if sys.version_info >= interpreters.POSITIONS else (11, 28)
ENDLESS = "import torch\nx = torch.ones(1)\nwhile True:\n    pass\n"


def words(hover: types.Hover) -> str:
    assert isinstance(hover.contents, types.MarkupContent)
    return hover.contents.value


def span(at: types.Range) -> tuple[int, int, int, int]:
    return at.start.line, at.start.character, at.end.line, at.end.character


async def test_a_failure_underlines_the_exact_expression(neovim: Editor) -> None:
    uri = neovim.open("failing.py", FAILING)
    assert (await neovim.run(uri))["outcome"] == "failed"
    (problem,) = await neovim.until(lambda: neovim.published(uri))
    assert span(problem.range) == (2, FAILED[0], 2, FAILED[1])
    assert problem.severity == types.DiagnosticSeverity.Error
    assert problem.code == "RuntimeError"
    operands = "a: f32[10] cpu @ b: f32[5,10] cpu"
    assert (operands in problem.message) == (sys.version_info >= interpreters.POSITIONS)
    assert problem.related_information is not None
    assert [info.location.range.start.line for info in problem.related_information] == [2, 4]


ARGUMENTS = """\
import argparse
def main():
    parser = argparse.ArgumentParser(prog="train.py")
    parser.add_argument("--dataset", required=True)
    options = parser.parse_args()
main()
"""


async def test_a_refused_command_line_is_explained_where_it_is_parsed(neovim: Editor) -> None:
    """Clients that show no output have the parser's own sentence, and what to do."""
    uri = neovim.open("train.py", ARGUMENTS)
    assert (await neovim.run(uri))["outcome"] == "failed"
    (problem,) = await neovim.until(lambda: neovim.published(uri))
    assert span(problem.range) == (4, 14, 4, 33)
    assert problem.severity == types.DiagnosticSeverity.Error
    headline, advice, *printed = problem.message.splitlines()
    assert headline == "exit status 2: the following arguments are required: --dataset"
    assert "tensorhints.run.args" in advice
    assert printed == [
        "usage: train.py [-h] --dataset DATASET",
        "train.py: error: the following arguments are required: --dataset",
    ]
    assert any("✗ exit status 2 at line 5" in lens for lens in await neovim.lenses(uri))
    await neovim.configure({"run": {"args": ["--dataset", "mnist"]}})
    assert (await neovim.run(uri))["outcome"] == "finished"
    await neovim.until(lambda: not neovim.published(uri))


async def test_a_file_that_hides_a_library_module_is_a_warning(neovim: Editor) -> None:
    """Plain Python would import it in place of the module that torch needs."""
    for name in ("random.py", "sys.py", "os.py", "nothing.py"):
        (neovim.folder / name).write_text("def seed(): pass\n")
    uri = neovim.open("train.py", "import torch\nx = torch.rand(2)\n")
    assert (await neovim.run(uri))["outcome"] == "finished"
    (warning,) = await neovim.until(lambda: neovim.published(uri))
    assert warning.severity == types.DiagnosticSeverity.Warning
    assert span(warning.range) == (0, 0, 0, 12)
    assert "In this folder, random.py hides a module" in warning.message
    neovim.replace(uri, "x = 1\n")
    await neovim.until(lambda: not neovim.published(uri))
    neovim.replace(uri, "import random\nx = 1\n")
    await neovim.until(lambda: neovim.published(uri))
    (neovim.folder / "random.py").unlink()
    await neovim.run(uri)
    await neovim.until(lambda: not neovim.published(uri))


async def test_an_editor_that_pulls_diagnostics_gets_refreshes_and_no_pushes(
    vscode: Editor,
) -> None:
    uri = vscode.open("failing.py", FAILING)
    refreshes = vscode.client.diagnostic_refresh_count
    await vscode.run(uri)
    await vscode.until(lambda: vscode.client.diagnostic_refresh_count > refreshes)
    (problem,) = await vscode.pulled(uri)
    assert span(problem.range) == (2, FAILED[0], 2, FAILED[1])
    assert vscode.published(uri) == []


async def test_a_failure_moves_with_its_line_and_goes_when_the_line_changes(
    vscode: Editor,
) -> None:
    uri = vscode.open("failing.py", FAILING)
    await vscode.run(uri)
    await vscode.command("stop", {"uri": uri})
    vscode.type(uri, (0, 0), "\n")
    (problem,) = await vscode.pulled(uri)
    assert span(problem.range) == (3, FAILED[0], 3, FAILED[1])
    vscode.edit(uri, (3, 26), (3, 27), "c")
    assert await vscode.pulled(uri) == []


def has_states(editor: Editor, count: int) -> bool:
    return len(editor.runs) >= count


async def test_the_frames_of_a_failure_show_the_current_lines(vscode: Editor) -> None:
    uri = vscode.open("commented.py", "import torch\nx = torch.ones(2)\nx @ torch.ones(3)\n")
    await vscode.run(uri)
    for comment in ("  # why", " not"):
        known = len(vscode.runs)
        vscode.type(uri, (2, len(vscode.texts[uri].split("\n")[2])), comment)
        await vscode.until(partial(has_states, vscode, known + 2))
        (problem,) = await vscode.pulled(uri)
        (frame,) = problem.related_information or ()
        assert frame.message == "in <module>: " + vscode.texts[uri].split("\n")[2]


async def test_a_failure_in_a_module_is_shown_in_that_module(neovim: Editor) -> None:
    module = neovim.open("broken.py", "import torch\nw = torch.ones(2) @ torch.ones(3)\n")
    uri = neovim.open("main.py", "import broken\n")
    await neovim.run(uri)
    (problem,) = await neovim.until(lambda: neovim.published(module))
    assert problem.range.start.line == 1
    assert neovim.published(uri) == []


async def test_a_failure_in_a_module_that_is_not_open_is_shown_at_its_import(
    neovim: Editor,
) -> None:
    (neovim.folder / "closed.py").write_text("import torch\nw = torch.ones(2) @ torch.ones(3)\n")
    uri = neovim.open("imports_closed.py", "import torch\nimport closed\n")
    await neovim.run(uri)
    (problem,) = await neovim.until(lambda: neovim.published(uri))
    assert problem.range.start.line == 1
    assert problem.related_information is not None
    assert problem.related_information[0].location.uri.endswith("closed.py")


async def test_the_line_where_a_run_was_stopped_is_information(neovim: Editor) -> None:
    uri = neovim.open("endless.py", ENDLESS)
    running = neovim.command_later("run", {"uri": uri})
    await neovim.until_drawn(uri, "x«: f32[1] cpu»")
    assert await neovim.command("stop") is True
    assert (await running)["outcome"] == "stopped"
    (problem,) = await neovim.until(lambda: neovim.published(uri))
    assert problem.severity == types.DiagnosticSeverity.Information
    assert problem.range.start.line in (2, 3)
    assert "x«: f32[1] cpu»" in await neovim.drawn(uri)


SILENT = """\
import os, subprocess, time
child = subprocess.Popen(["sleep", "600"])
print(child.pid, flush=True)
while not os.path.exists("go"):
    pass
child.kill()
print("gone on", time.gmtime(0).tm_year, flush=True)
"""


async def _until_halted(pid: int) -> None:
    async def wait() -> None:
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), LIMIT_SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_run_in_which_nothing_happens_is_suspended_and_continues(neovim: Editor) -> None:
    await neovim.configure({"run": {"timeoutSeconds": 1}})
    uri = neovim.open("silent.py", SILENT)
    answer = await neovim.run(uri)
    await neovim.configure({})
    assert answer["outcome"] == "timedOut"
    (problem,) = await neovim.until(lambda: neovim.published(uri))
    assert problem.severity == types.DiagnosticSeverity.Information
    assert problem.range.start.line in (3, 4)
    assert "suspended at line " in problem.message
    await _until_halted(int(neovim.printed().split()[0]))

    lenses = await neovim.lenses(uri)
    assert lenses[:2] == ["▶ Continue", "■ Stop"]
    assert "suspended at line" in lenses[2]
    fixes = await neovim.actions(uri)
    assert "Continue the suspended run" in [action.title for action in fixes]
    (neovim.folder / "go").touch()
    known = len(neovim.runs)
    assert await neovim.command("continue", {"uri": uri}) is True
    assert (await neovim.run_after(known)).outcome == "finished"
    assert "gone on 1970" in neovim.printed()
    await neovim.until(lambda: not neovim.published(uri))
    assert await neovim.command("continue", {"uri": uri}) is False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("how", ["stop", "edit"])
async def test_a_suspended_run_can_be_stopped_and_edited(neovim: Editor, how: str) -> None:
    await neovim.configure({"run": {"timeoutSeconds": 1}})
    uri = neovim.open("stopped.py", SILENT.replace('"go"', '"never"'))
    assert (await neovim.run(uri))["outcome"] == "timedOut"
    await neovim.configure({})
    known = len(neovim.runs)
    if how == "stop":
        assert await neovim.command("stop", {"uri": uri}) is True
        assert (await neovim.run_after(known)).outcome == "stopped"
    else:
        neovim.replace(uri, "print('edited')\n")
        assert (await neovim.run_after(known)).outcome == "finished"
    assert await neovim.command("continue", {"uri": uri}) is False


async def test_diagnostics_go_when_the_file_is_closed(neovim: Editor) -> None:
    uri = neovim.open("failing.py", FAILING)
    await neovim.run(uri)
    await neovim.until(lambda: neovim.published(uri))
    neovim.close(uri)
    await neovim.until(lambda: not neovim.published(uri))


async def test_hover_on_a_name_shows_its_value_at_bindings_and_uses(
    neovim: Editor,
) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    bound = await neovim.hover(uri, 1, 0)
    used = await neovim.hover(uri, 2, 4)
    assert bound is not None
    assert used is not None
    assert "f32[2,3] cpu" in words(bound)
    assert used.contents == bound.contents
    assert used.range is not None
    assert span(used.range) == (2, 4, 2, 5)


async def test_hover_has_no_marks_for_an_editor_that_reads_plain_text(tmp_path: Path) -> None:
    async with editing(tmp_path, "emacs", configuration={}) as editor:
        uri = editor.open("program.py", PROGRAM)
        await editor.run(uri)
        hover = await editor.hover(uri, 1, 0)
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.kind is types.MarkupKind.PlainText
        assert hover.contents.value.startswith("x f32[2,3] cpu · once\n\n- shape: (2, 3)\n")


async def test_hover_follows_scopes_not_names_alone(neovim: Editor) -> None:
    text = (
        "import torch\n"
        "x = torch.ones(2)\n"
        "def f():\n"
        "    x = torch.ones(3)\n"
        "    return x * 1\n"
        "f()\n"
        "z = x + 1\n"
    )
    uri = neovim.open("scopes.py", text)
    await neovim.run(uri)
    inner, outer = await neovim.hover(uri, 4, 11), await neovim.hover(uri, 6, 4)
    assert inner is not None
    assert outer is not None
    assert "f32[3]" in words(inner)
    assert "f32[2]" in words(outer)


async def test_hover_outside_of_hints_is_empty(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    assert await neovim.hover(uri, 1, 0) is None
    await neovim.run(uri)
    assert await neovim.hover(uri, 0, 2) is None


async def test_lenses_offer_to_run_then_say_how_it_ended(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    assert await neovim.lenses(uri) == ["▶ Run"]
    await neovim.run(uri)
    run, state, whole = await neovim.lenses(uri)
    assert (run, whole) == ("▶ Run", "The whole file ran, as requested.")
    assert state.startswith("✓ finished in ")


async def test_lenses_say_the_line_of_a_failure(neovim: Editor) -> None:
    uri = neovim.open("failing.py", FAILING)
    await neovim.run(uri)
    assert (await neovim.lenses(uri))[1].startswith("✗ failed at line 3")


async def test_lenses_offer_to_stop_while_it_runs(neovim: Editor) -> None:
    uri = neovim.open("endless.py", ENDLESS)
    running = neovim.command_later("run", {"uri": uri})
    await neovim.until(lambda: any(state.phase == "running" for state in neovim.runs))
    stop, running_title = await neovim.lenses(uri)
    assert stop == "■ Stop"
    assert running_title.startswith("… running · auto: cpu")
    await neovim.command("stop", {"uri": uri})
    await running


async def test_actions_are_offered_only_if_the_user_asks(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    assert await neovim.actions(uri, automatic=True) == []
    actions = await neovim.actions(uri)
    assert actions[0].command.command == "tensorhints.server.run"
    kinds = {"tensorhints.run", "tensorhints.device", "tensorhints.lesson"}
    assert {action.kind for action in actions} == kinds
    assert await neovim.actions(uri, only=["quickfix"]) == []
    (run,) = await neovim.actions(uri, only=["tensorhints.run"])
    assert run.kind == "tensorhints.run"


async def test_an_editor_that_blocks_on_commands_does_not_wait_for_a_run(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path, "emacs", configuration={}) as editor:
        uri = editor.open("endless.py", ENDLESS)
        run = (await editor.actions(uri))[0].command
        assert await editor.command("run", *plain(run.arguments)) is None
        await editor.until_drawn(uri, "x«: f32[1] cpu")
        assert await editor.command("stop", {"uri": uri})


async def test_a_device_action_makes_the_file_run_there(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    known = len(neovim.runs)
    assert await neovim.command("setDevice", {"uri": uri, "device": "cpu"}) == "cpu"
    assert (await neovim.run_after(known)).device == "cpu"
    assert await neovim.command("setDevice", {"uri": uri}) == "cpu"


async def test_the_inspector_has_a_row_for_each_tensor_alive(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    answer = await neovim.command("tensors", {"uri": uri})
    rows = {row["name"]: row for row in answer["rows"]}
    assert rows["x"]["shape"] == [2, 3]
    assert (rows["x"]["line"], rows["x"]["character"], rows["x"]["alive"]) == (1, 0, True)
    sent: Any = await neovim.until(lambda: neovim.tensors and neovim.tensors[-1])
    assert sent.uri == uri


async def test_printed_output_reaches_the_client(neovim: Editor) -> None:
    uri = neovim.open("loud.py", "import sys\nprint('😀 out')\nprint('err', file=sys.stderr)\n")
    await neovim.run(uri)
    assert neovim.printed("stdout") == "😀 out\n"
    assert neovim.printed("stderr") == "err\n"


async def test_a_run_that_was_asked_for_shows_progress_to_its_end(neovim: Editor) -> None:
    uri = neovim.open("program.py", PROGRAM)
    before = set(neovim.client.progress_reports)
    await neovim.run(uri)
    (token,) = await neovim.until(lambda: set(neovim.client.progress_reports) - before)
    reports = neovim.client.progress_reports[token]
    await neovim.until(lambda: reports and isinstance(reports[-1], types.WorkDoneProgressEnd))
    assert isinstance(token, str)
    assert isinstance(reports[0], types.WorkDoneProgressBegin)
    assert reports[0].title == "Running program.py"


async def test_cancelling_the_progress_stops_the_run(neovim: Editor) -> None:
    uri = neovim.open("endless.py", ENDLESS)
    before = set(neovim.client.progress_reports)
    running = neovim.command_later("run", {"uri": uri})

    def begun() -> Any:
        new = set(neovim.client.progress_reports) - before
        return next((token for token in new if neovim.client.progress_reports[token]), None)

    token = await neovim.until(begun)
    neovim.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    assert (await running)["outcome"] == "stopped"


@pytest.mark.parametrize(
    ("explicit", "phase", "first"),
    [
        (False, Phase.STARTING, "▶ Run"),
        (True, Phase.STARTING, "■ Stop"),
        (False, Phase.RUNNING, "■ Stop"),
    ],
)
def test_lenses_do_not_flicker_at_every_edit(explicit: bool, phase: Phase, first: str) -> None:
    last = LastRun(1, Outcome.FINISHED, 0.01, CPU)
    state = ProgramState("file:///a.py", 2, phase, True, CPU, explicit, last)
    lenses = program_lenses(state, "en")
    assert lenses[0].command is not None
    assert lenses[0].command.title == first


async def test_neovim_gets_another_hint_refresh_after_it_redraws(
    neovim: Editor,
) -> None:
    uri = neovim.open("program.py", PROGRAM)
    await neovim.run(uri)
    await neovim.hints(uri)
    neovim.type(uri, (3, 0), "z = (y +\n")
    await neovim.until(lambda: neovim.published(uri))
    known = neovim.hint_refreshes
    await neovim.until(lambda: neovim.hint_refreshes > known)


async def test_a_client_without_hint_refreshes_gets_the_hints_of_the_run(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path, "helix", configuration={}) as editor:
        uri = editor.open("late.py", "import torch\nx = torch.ones(2)\n")
        await editor.run(uri)
        editor.edit(uri, (1, 15), (1, 16), "3")
        assert [hint.label for hint in await editor.hints(uri)] == [": f32[3] cpu"]
