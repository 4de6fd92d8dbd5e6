"""The command `tensorhints` as a user types it: what it prints, and its exit status."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def tensorhints(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tensorhints", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **variables},
        timeout=100,
    )


def sentence(text: str) -> str:
    """The one line that was written to standard error."""
    assert text.startswith("tensorhints: ")
    assert text.count("\n") == 1
    return text.strip()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a program; where it stands is where the user stands."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "a.py") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_lesson_is_drawn_with_its_hints(root: Path) -> None:
    ran = tensorhints("run", root / "lessons/01-tensors/fundamentals.py", "--device", "cpu")
    assert ran.returncode == 0, ran.stderr
    assert "images.shape:  (4, 32, 32)\n" in ran.stdout
    assert "noise: f32[5,5] cpu = torch.rand(5, 5)" in ran.stdout
    assert "weights: f32[3] cpu ∇ = torch.ones" in ran.stdout
    assert "F: f32[5,10] cpu = torch.rand(5, 10)" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_colours_change_nothing_but_colours(program: Callable[..., Path]) -> None:
    file = program("import torch\nx = torch.ones(2)\n")
    coloured = tensorhints("run", file, FORCE_COLOR="1").stdout
    plain = tensorhints("run", file, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert COLOUR.sub("", coloured).splitlines()[:3] == plain.splitlines()[:3]


def test_a_program_that_fails_keeps_its_output_its_hints_and_gets_an_explanation(
    program: Callable[..., Path],
) -> None:
    file = program(
        "import torch\nprint('before')\nF = torch.rand(10)\nW = torch.rand(5, 10)\ny = F @ W\n"
    )
    ran = tensorhints("run", file)
    assert ran.returncode == 1
    assert ran.stdout.startswith("before\n")
    assert ran.stderr.startswith("Traceback (most recent call last):\n")
    lines = [line.rstrip() for line in ran.stdout.splitlines()]
    failing = lines.index("5 │ y = F @ W")
    assert lines[failing + 1] == "  │     ^^^^^"
    assert "F: f32[10] cpu @ W: f32[5,10] cpu" in lines[failing + 2]
    assert "4 │ W: f32[5,10] cpu = torch.rand(5, 10)" in lines


def test_only_json_is_written_to_standard_output(program: Callable[..., Path]) -> None:
    file = program("import torch\nprint('😀')\nx = torch.ones(2, dtype=torch.int64)\n")
    ran = tensorhints("run", file, "--format", "json")
    report = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert (report["file"], report["outcome"], report["output"]) == (str(file), "finished", "😀\n")
    assert [hint["label"] for hint in report["hints"]] == [": i64[2] cpu"]
    assert report["failure"] is None


def test_a_program_gets_its_arguments(program: Callable[..., Path]) -> None:
    file = program("import sys\nprint(sys.argv[1:])\n")
    assert tensorhints("run", file, "--", "-x", "--device").stdout.startswith("['-x', '--device']")


def test_a_limit_stops_a_program_and_its_hints_stay(program: Callable[..., Path]) -> None:
    file = program("import torch\nx = torch.ones(2)\nwhile True:\n    pass\n")
    ran = tensorhints("run", file, "--timeout", "0.3")
    assert ran.returncode == 3
    assert "x: f32[2] cpu = torch.ones(2)" in ran.stdout
    assert "--timeout" in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_ctrl_c_stops_the_program_and_shows_its_hints(program: Callable[..., Path]) -> None:
    file = program("import torch\nx = torch.ones(2)\nprint('on')\nwhile True:\n    pass\n")
    running = subprocess.Popen(
        [sys.executable, "-m", "tensorhints", "run", file],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "on\n"
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to everyone in the foreground
        rest = running.stdout.read()
    assert running.returncode == 130
    assert "x: f32[2] cpu = torch.ones(2)" in rest


def test_a_syntax_error_is_shown_at_its_position_and_prevents_the_run(
    program: Callable[..., Path],
) -> None:
    ran = tensorhints("run", program("print('never')\nx = (1,\n"))
    assert ran.returncode == 1
    assert "never\n" not in ran.stdout.splitlines()
    assert "'(' was never closed" in ran.stdout


def test_hints_in_the_workspaces_modules_are_counted(program: Callable[..., Path]) -> None:
    program("import torch\ny = torch.ones(3)\n", "part.py")
    ran = tensorhints("run", program("import part\nx = part.y\n"))
    assert "part.py (1)" in ran.stdout.splitlines()[-1]


def test_an_interpreter_without_torch_is_named_in_one_sentence(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    ran = tensorhints("run", program("x = 1\n"), "--interpreter", bare / "bin" / "python")
    assert ran.returncode == 2
    assert "PyTorch is not installed" in sentence(ran.stderr)
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("words", "report"),
    [
        ([], "Indique um comando"),
        (["run", "nowhere.py"], "Não existe o arquivo nowhere.py"),
        (["run", "."], "é uma pasta"),
        (["run", "latin.py"], "não é texto em UTF-8"),
        (["run", "a.py", "--interpreter", "./nowhere"], "Não há interpretador Python"),
        (["run", "a.py", "--timeout", "-1"], "não é um limite de tempo"),
        (["fly"], "Não existe o comando"),
    ],
)
def test_a_refusal_is_one_sentence_in_the_users_language(
    program: Callable[..., Path], words: list[str], report: str
) -> None:
    program("x = 1\n").with_name("latin.py").write_bytes(b"s = '\xe9'\n")
    ran = tensorhints(*words, TENSORHINTS_LOCALE="pt-BR")
    assert ran.returncode == 2
    assert report in sentence(ran.stderr)
    assert ran.stdout == ""


def test_doctor_reports_the_interpreter_of_the_users_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = tensorhints("doctor", "--json")
    report = json.loads(ran.stdout)
    assert ran.returncode == 0, report
    assert report["ok"]
    assert report["problems"] == []
    assert report["interpreter"] == {"path": sys.executable, "why": "own"}
    assert report["devices"][0] == "cpu"
    assert report["warm_seconds"] > 0
    assert (report["device"]["asked"], report["device"]["in_force"]) == ("auto", "cpu")
    assert report["device"]["text"].startswith("auto: cpu")


def test_doctor_examines_the_interpreter_and_the_device_that_it_is_asked_about(
    tmp_path: Path,
) -> None:
    ran = tensorhints("doctor", "--interpreter", sys.executable, "--device", "cuda:77")
    assert ran.returncode == 1
    assert "it is the one that was asked for" in ran.stdout
    assert "In force" not in ran.stdout
    assert "CUDA" in ran.stdout or "cuda:77" in ran.stdout
    missing = tensorhints("doctor", "--interpreter", str(tmp_path / "python"))
    assert missing.returncode == 1
    assert "--interpreter" in sentence(missing.stderr)


def test_doctor_reports_missing_parts(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "bare"], check=True)
    needed = tmp_path / "needed"  # what the command itself imports, and no torch
    needed.mkdir()
    for name in ("platformdirs", "rich", "markdown_it", "mdurl", "pygments"):
        (needed / name).symlink_to(Path(sysconfig.get_path("purelib")) / name)
    ran = subprocess.run(
        [tmp_path / "bare/bin/python", "-m", "tensorhints", "doctor"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{needed}:{root / 'server'}", "PATH": "", "LC_ALL": "C.UTF-8"},
    )
    assert ran.returncode == 1, ran.stderr
    assert "PyTorch is not installed" in ran.stdout


def test_help_needs_neither_torch_nor_an_interpreter() -> None:
    for words in (["--help"], ["run", "-h"], ["serve", "-h"], ["doctor", "-h"]):
        ran = tensorhints(*words)
        assert ran.returncode == 0
        assert "tensorhints" in ran.stdout
    assert tensorhints("--version").stdout.startswith("tensorhints ")
