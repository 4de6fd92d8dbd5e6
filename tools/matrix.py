"""Run the unit, runner and protocol tests on each Python here, and on the oldest torch.

`matrix.py` runs every row whose Python this machine has and prints a table, as in
docs/compatibility.md; `matrix.py 3.12` runs the rows of that Python, which then must be installed;
`--list` only shows the rows.
Environments and reports are kept in .cache/matrix.

Python 3.9 runs programs, not the server: its rows run tests/runner with the programs in 3.9 and
the server's side in the Python that runs this file, which needs the development environment.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "matrix"
LOCK = ROOT / "requirements-dev.txt"

OLDEST_SERVER = (3, 10)
PYTHONS = ((3, 9), (3, 10), (3, 11), (3, 12), (3, 13), (3, 14))
OLDEST_TORCH = "2.4.0"
NEWEST_TORCH_FOR_3_9 = "2.8.0"
SUITES = ("tests/unit", "tests/runner", "tests/protocol")


@dataclass(frozen=True)
class Row:
    """One environment of the matrix."""

    python: tuple[int, int]
    torch: str

    @property
    def version(self) -> str:
        """The Python's version, as in the names of its executables."""
        return "{}.{}".format(*self.python)

    @property
    def name(self) -> str:
        """The name of the row's environment and of its report."""
        return f"py{self.version}-torch{self.torch}"

    @property
    def suites(self) -> tuple[str, ...]:
        """The folders of tests that this row runs."""
        return SUITES if self.python >= OLDEST_SERVER else ("tests/runner",)


@dataclass(frozen=True)
class Result:
    """What a row came to: `outcome` is pytest's last line, or why no test ran."""

    row: Row
    outcome: str
    is_good: bool
    seconds: float


def rows() -> list[Row]:
    """Return every row, whether this machine can run it or not."""
    pinned = re.search(r"^torch==(\S+)$", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned is not None, f"{LOCK.name} does not pin torch"
    newest = {(3, 9): NEWEST_TORCH_FOR_3_9}
    return [
        *(Row(python, OLDEST_TORCH) for python in ((3, 9), OLDEST_SERVER)),
        *(Row(python, newest.get(python, pinned[1])) for python in PYTHONS),
    ]


def executable(version: str) -> Path | None:
    """Return a Python of this version: from pyenv, or from the path."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    releases = sorted(
        (path for path in pyenv.glob(f"{version}.*") if re.fullmatch(r"[\d.]+", path.name)),
        key=lambda path: int(path.name.rpartition(".")[2]),
    )
    for folder in reversed(releases):
        if (folder / "bin" / "python").exists():
            return folder / "bin" / "python"
    found = shutil.which(f"python{version}")
    works = found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0
    return Path(found) if found and works else None


def environment(row: Row, python: Path) -> Path:
    """Return the Python of the row's environment, which is made where it is missing."""
    folder = CACHE / row.name
    made, ready = folder / "bin" / "python", folder / ".ready"
    if not ready.exists():
        subprocess.run([str(python), "-m", "venv", "--clear", str(folder)], check=True)
        # torch alone comes first, so that nothing else decides its version.
        _pip(made, f"torch=={row.torch}", "numpy")
        if row.python >= OLDEST_SERVER:
            _pip(made, "--constraint", str(_other_pins()), "--editable", f"{ROOT}[dev]")
        ready.touch()
    return made


def _other_pins() -> Path:
    """Return a file of the lock's constraints without torch's."""
    pins = CACHE / "constraints.txt"
    lines = LOCK.read_text(encoding="utf-8").splitlines(keepends=True)
    pins.write_text("".join(line for line in lines if not line.startswith("torch==")), "utf-8")
    return pins


def _pip(python: Path, *arguments: str) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *arguments], check=True)


def run(row: Row, python: Path) -> Result:
    """Run the row's tests in its environment."""
    started = time.monotonic()
    try:
        made = environment(row, python)
    except subprocess.CalledProcessError as error:
        return Result(row, f"no environment: {error}", False, time.monotonic() - started)
    runs_server = row.python >= OLDEST_SERVER
    command = [str(made) if runs_server else sys.executable, "-m", "pytest", "-q"]
    if not runs_server:
        command += ["--interpreter", str(made)]
    report = CACHE / f"{row.name}.txt"
    with report.open("w", encoding="utf-8") as output:
        ran = subprocess.run(
            [*command, "-p", "no:cacheprovider", *row.suites],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    lines = report.read_text(encoding="utf-8").strip().splitlines()
    last = lines[-1].strip("= ") if lines else "no output"
    return Result(row, last, ran.returncode == 0, time.monotonic() - started)


def table(results: Sequence[Result]) -> str:
    """Return the results as a table in Markdown."""
    head = "| Python | torch | tests | result |\n|---|---|---|---|\n"
    return head + "".join(
        f"| {each.row.version} | {each.row.torch} | {_suites(each.row)} | {each.outcome} |\n"
        for each in results
    )


def _suites(row: Row) -> str:
    return ", ".join(suite.removeprefix("tests/") for suite in row.suites)


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="Run the tests on each Python and torch.")
    parser.add_argument("wanted", nargs="*", help="3.12, or the name of a row")
    parser.add_argument("--list", action="store_true", help="show the rows and run nothing")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.wanted) - {name for row in rows() for name in (row.version, row.name)}
    if unknown:
        parser.error(f"these are not rows: {', '.join(sorted(unknown))}")
    results = []
    failed = False
    for row in rows():
        if chosen.wanted and not {row.version, row.name} & set(chosen.wanted):
            continue
        python = executable(row.version)
        if chosen.list:
            print(f"{row.name}: {python or 'not here'}")
        elif python is None:
            print(f"{row.name}: Python {row.version} is not installed here", flush=True)
            failed = failed or bool(chosen.wanted)
        else:
            results.append(run(row, python))
            print(f"{row.name}: {results[-1].outcome}", flush=True)
    if results:
        print(f"\n{table(results)}", end="")
    return 1 if failed or not all(each.is_good for each in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
