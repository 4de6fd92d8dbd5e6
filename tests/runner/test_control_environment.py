"""The environment of a program is that of `python FILE`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tensorhints.engine.results import Outcome

from .conftest import Runner, RunText

pytestmark = pytest.mark.asyncio(loop_scope="session")

INTERPRETER_STATE = """\
import os, sys
first = open(os.devnull)
import json, signal, threading
import multiprocessing.process
print(json.dumps({
    "argv": sys.argv,
    "path[0]": sys.path[0],
    "path": sys.path,
    "cwd": os.getcwd(),
    "file": __file__,
    "first descriptor": first.fileno(),
    "stdin": [sys.stdin.read(), sys.stdin.fileno(), sys.stdin.isatty()],
    "stdout": [sys.stdout.fileno(), sys.stdout.encoding, sys.stdout.errors, sys.stdout.name,
               sys.stdout.mode, type(sys.stdout).__name__, sys.stdout is sys.__stdout__],
    "stderr": [sys.stderr.fileno(), sys.stderr.encoding, sys.stderr.errors, sys.stderr.name,
               sys.stderr.mode, sys.stderr.line_buffering],
    "signals": {s.name: str(signal.getsignal(s)).split(" at ")[0] for s in signal.Signals},
    "blocked": [int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, ())],
    "threads": threading.main_thread() is threading.current_thread(),
    "main thread": threading.main_thread().native_id == threading.get_native_id(),
    "original": multiprocessing.process.ORIGINAL_DIR,
    "ours": sorted(name for name in sys.modules if name.startswith("tensorhints")),
    "low descriptors": sorted(
        int(n) for n in os.listdir("/proc/self/fd") if 2 < int(n) < 100 and int(n) != 4),
}))
"""

ENVIRONMENT = "import json, os\nprint(json.dumps(dict(os.environ)))\n"


def of_plain_python(runner: Runner, text: str, *arguments: str) -> Any:
    program = runner.folder / "program.py"
    program.write_text(text)
    answer = subprocess.run(
        [runner.interpreter, program, *arguments],
        cwd=runner.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(answer.stdout)


async def test_the_interpreter_is_as_python_starts_it(runner: Runner) -> None:
    expected = of_plain_python(runner, INTERPRETER_STATE, "--epochs", "3 4", "é")
    _, received = await runner.run(INTERPRETER_STATE, arguments=("--epochs", "3 4", "é"))
    found = json.loads(received.stdout)
    assert found["first descriptor"] == 3
    assert found == expected


async def test_the_environment_variables_are_the_users(runner: Runner) -> None:
    _, received = await runner.run(ENVIRONMENT, environment={"MINE": "1", "PATH": "/nowhere"})
    found = json.loads(received.stdout)
    assert found["MINE"] == "1"
    assert found["PATH"] == "/nowhere"
    assert found["MPLBACKEND"] == "Agg"
    # Set for the host alone, and nothing else is added.
    assert not {"OMP_WAIT_POLICY", "OPENBLAS_NUM_THREADS"} & set(found) - set(os.environ)
    _, received = await runner.run(ENVIRONMENT, environment={"MPLBACKEND": "svg"})
    assert json.loads(received.stdout)["MPLBACKEND"] == "svg"


async def test_pythonpath_of_the_request_counts(runner: Runner) -> None:
    folder = runner.folder / "elsewhere"
    folder.mkdir()
    (folder / "far.py").write_text("x = 7\n")
    _, received = await runner.run(
        "import far\nprint(far.x)\n", environment={"PYTHONPATH": str(folder)}
    )
    assert received.stdout == "7\n"


async def test_the_device_cpu_hides_the_gpus(run_text: RunText) -> None:
    text = "import os\nprint(repr(os.environ.get('CUDA_VISIBLE_DEVICES')))\n"
    _, hidden = await run_text(text, device="cpu")
    _, plain = await run_text(text, device="auto")
    assert hidden.stdout == "''\n"
    assert plain.stdout == f"{os.environ.get('CUDA_VISIBLE_DEVICES')!r}\n"


async def test_no_file_is_written_into_the_users_folder(runner: Runner) -> None:
    (runner.folder / "part.py").write_text("x = 1\n")
    (runner.folder / "program.py").write_text("import part\n")
    for roots in ((), (str(runner.folder),)):
        result, _ = await runner.run("import part\n", roots=roots)
        assert result.outcome is Outcome.FINISHED
    assert sorted(os.listdir(runner.folder)) == ["part.py", "program.py"]


async def test_unseeded_random_numbers_differ_from_run_to_run(run_text: RunText) -> None:
    text = "import random, numpy\nprint(random.random(), numpy.random.rand())\n"
    _, one = await run_text(text)
    _, two = await run_text(text)
    assert not set(one.stdout.split()) & set(two.stdout.split())


async def test_stdout_comes_before_stderr_that_was_written_later(run_text: RunText) -> None:
    text = "import sys\nsys.stdout.write('out\\n')\nsys.stderr.write('err\\n')\n"
    _, received = await run_text(text)
    assert received.output == [("stdout", "out\n"), ("stderr", "err\n")]


async def test_stdout_handles_unencodable_text_of_plain_python(runner: Runner) -> None:
    result, received = await runner.run(
        "import sys\nprint('\\ud800', file=sys.stderr)\nprint('\\ud800')\n"
    )
    assert received.stderr.startswith("\\ud800\n")
    plain = subprocess.run(
        [runner.interpreter, "-c", "print('\\ud800')"],
        stdout=subprocess.PIPE,
        check=False,
        stderr=subprocess.DEVNULL,
    )
    assert (result.exit_status == 0) == (plain.returncode == 0)


async def test_the_host_has_one_thread_and_no_gpu(runner: Runner) -> None:
    await runner.run("x = 1\n")
    ready = runner.pool.state(runner.interpreter).ready
    assert ready is not None
    assert len(os.listdir(f"/proc/{ready.pid}/task")) == 1
    mapped = Path(f"/proc/{ready.pid}/maps").read_text().splitlines()
    # A torch that was built for CUDA brings libraries in a package of this name.
    assert not [line for line in mapped if "nvidia" in line and "/site-packages/" not in line]
