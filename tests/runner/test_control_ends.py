"""Every way in which a program may end is reported as such."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import torch

import interpreters
import unsaved
from tensorhints.engine.results import Outcome
from tensorhints.model.user_messages import UserMessage

from .conftest import Runner, RunText

pytestmark = pytest.mark.asyncio(loop_scope="session")

TENSOR = "import torch\nx = torch.zeros(2, 3)\n"


async def test_a_program_that_ends_well_is_finished(run_text: RunText) -> None:
    result, received = await run_text("import torch\nx = torch.zeros(2, 3)\nprint(x.shape)\n")
    assert result.outcome is Outcome.FINISHED
    assert result.exit_status == 0
    assert result.device == "cpu"
    assert received.stdout == "torch.Size([2, 3])\n"
    assert received.seen["x"][0].shape == (2, 3)


@pytest.mark.parametrize(
    ("statement", "outcome", "status"),
    [
        ("sys.exit()", Outcome.FINISHED, 0),
        ("sys.exit(0)", Outcome.FINISHED, 0),
        ("sys.exit(5)", Outcome.FAILED, 5),
        ("sys.exit(256)", Outcome.FINISHED, 0),
        ("sys.exit('no good')", Outcome.FAILED, 1),
        ("raise SystemExit(7)", Outcome.FAILED, 7),
    ],
)
async def test_sys_exit_gives_its_status(
    run_text: RunText, statement: str, outcome: Outcome, status: int
) -> None:
    result, received = await run_text(f"import sys\n{TENSOR}{statement}\n")
    assert (result.outcome, result.exit_status) == (outcome, status)
    assert received.seen["x"]
    assert received.stderr == ("no good\n" if "no good" in statement else "")


async def test_an_exception_is_a_failure_with_its_line(run_text: RunText) -> None:
    result, received = await run_text(TENSOR + "y = x @ x\n")
    assert (result.outcome, result.exit_status) == (Outcome.FAILED, 1)
    assert result.failure is not None
    assert result.failure.span.line == 2
    assert received.stderr.startswith("Traceback (most recent call last):\n")


@pytest.mark.parametrize("status", [0, 3])
async def test_os_exit_is_distinguished_from_an_ordinary_end(
    run_text: RunText, status: int
) -> None:
    result, received = await run_text(f"{TENSOR}import os\nos._exit({status})\n")
    assert result.outcome is Outcome.CRASHED
    assert result.user_message == UserMessage("exited-early", str(status))
    assert result.exit_status == status
    assert received.seen["x"], "what ran before keeps its hints"


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("import ctypes; ctypes.string_at(0)", signal.SIGSEGV),
        ("import os; os.abort()", signal.SIGABRT),
    ],
)
async def test_a_crash_names_its_signal_and_its_line(
    runner: Runner, statement: str, number: signal.Signals
) -> None:
    path = str(runner.folder / "héllo 𝔽.py")
    result, received = await runner.run(f"{TENSOR}def f():\n    {statement}\n\nf()\n", path=path)
    assert result.outcome is Outcome.CRASHED
    assert result.signal == number
    assert result.user_message == UserMessage("crashed", number.name)
    assert result.exit_status is None
    assert result.stopped_at == (path, 3)
    assert received.seen["x"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_program_ended_by_a_signal_is_reported_as_killed(
    run_text: RunText, number: signal.Signals
) -> None:
    result, _ = await run_text(f"import os\nos.kill(os.getpid(), {int(number)})\n")
    assert (result.outcome, result.signal) == (Outcome.CRASHED, number)
    assert result.user_message == UserMessage("killed", number.name)


async def test_a_keyboard_interrupt_raised_by_the_program_is_a_failure(run_text: RunText) -> None:
    result, _ = await run_text("raise KeyboardInterrupt\n")
    assert result.outcome is Outcome.FAILED


async def test_input_reads_the_end_of_the_file(run_text: RunText) -> None:
    result, received = await run_text("name = input('name? ')\n")
    assert result.outcome is Outcome.FAILED
    assert received.stdout == "name? "
    assert received.stderr.endswith("EOFError: EOF when reading a line\n")


async def test_a_syntax_error_is_refused_with_its_line(run_text: RunText) -> None:
    result, received = await run_text("x = 1\ndef f(:\n")
    assert result.outcome is Outcome.REFUSED
    assert result.user_message is not None
    assert result.user_message.code == "syntax"
    assert result.rejected is not None
    assert result.rejected.problem is not None
    assert result.rejected.problem.span.line == 1
    assert received.messages == []


async def test_an_edit_of_comments_runs_nothing(runner: Runner) -> None:
    path = str(runner.folder / "program.py")
    await runner.run("x = 1\n")
    same, _ = await runner.run("# one\nx = 1  # two\n", only_if_changed=path)
    other, _ = await runner.run("x = 2\n", only_if_changed=path)
    assert (same.outcome, same.user_message) == (Outcome.REFUSED, UserMessage("unchanged"))
    assert other.outcome is Outcome.FINISHED


async def test_an_edit_of_an_imported_buffer_runs_the_program(runner: Runner) -> None:
    (runner.folder / "part.py").write_text("x = 0\n")
    module = str(runner.folder / "part.py")
    text, roots = "import part\nprint(part.x)\n", (str(runner.folder),)
    one, comment, two = "x = 1\n", "x = 1  # one\n", "x = 2\n"
    await runner.run(text, roots=roots, **unsaved.fields({module: one}))
    same, _ = await runner.run(
        text,
        roots=roots,
        only_if_changed=module,
        **unsaved.fields({module: comment}, (one, comment)),
    )
    other, received = await runner.run(
        text, roots=roots, only_if_changed=module, **unsaved.fields({module: two}, (one, two))
    )
    assert same.user_message == UserMessage("unchanged")
    assert other.outcome is Outcome.FINISHED
    assert received.stdout == "2\n"


@pytest.mark.parametrize("device", ["cuda", "cuda:7", "mps"])
async def test_a_missing_device_is_refused(run_text: RunText, python: Path, device: str) -> None:
    if interpreters.is_built_for_gpus(python) or torch.backends.mps.is_available():
        pytest.skip("this PyTorch was built for a GPU")
    result, received = await run_text("print(1)\n", device=device)
    assert result.outcome is Outcome.REFUSED
    assert result.user_message is not None
    assert result.user_message.code == ("no-mps" if device == "mps" else "no-cuda-build")
    assert received.stdout == ""


async def test_a_missing_folder_is_refused(run_text: RunText) -> None:
    result, _ = await run_text("print(1)\n", directory="/no/such/folder")
    assert result.outcome is Outcome.REFUSED
    assert result.user_message is not None
    assert result.user_message.code == "no-directory"


async def test_simultaneous_runs_do_not_mix_messages(runner: Runner) -> None:
    started = [runner.start(f"print({number})\n") for number in range(5)]
    for number, (live, received) in enumerate(started):
        assert (await live.finished()).outcome is Outcome.FINISHED
        assert received.stdout == f"{number}\n"
        assert {message.run for message in received.messages} == {live.run}
