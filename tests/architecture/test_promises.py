"""What the project promises to support is the same everywhere it is written down, and is tested."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


MAKE = re.compile(r"(?:^|`|&& |: )make (?:PYTHON=\S+ )?([a-z][a-z -]*[a-z])", re.MULTILINE)


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


@pytest.fixture(scope="module")
def rows(root: Path) -> list[str]:
    """The names of the environments of `make matrix`."""
    command = [sys.executable, str(root / "tools" / "matrix.py"), "--list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.partition(":")[0] for line in listed.splitlines()]


def test_the_matrix_tests_each_python_that_the_package_names(
    project: dict[str, Any], rows: list[str]
) -> None:
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert f"py{named[0]}" == "py" + project["requires-python"].removeprefix(">=")
    assert {f"py{version}" for version in named} <= {row.partition("-")[0] for row in rows}


def test_the_matrix_tests_the_oldest_python_and_torch_of_the_runner(
    root: Path, project: dict[str, Any], rows: list[str]
) -> None:
    runner = root / "server" / "tensorhints" / "runner"
    python = oldest(runner / "bootstrap.py", "OLDEST")
    torch = oldest(runner / "host" / "warmup.py", "OLDEST_TORCH")
    assert f"py{python}-torch{torch}.0" in rows
    assert project["optional-dependencies"]["torch"] == [f"torch>={torch}"]


def oldest(path: Path, name: str) -> str:
    found = re.search(rf"^{name} = \((\d+), (\d+)\)$", path.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return f"{found[1]}.{found[2]}"


def test_the_lock_pins_all_that_development_needs(root: Path, project: dict[str, Any]) -> None:
    lock = (root / "requirements-dev.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {
        re.match(r"[A-Za-z0-9-]+", each)[0]  # type: ignore[index]
        for each in needed
        # The lock is made on a newer Python.
        if "python_version <" not in each
    }
    assert len(names) > 10
    assert names <= pinned


def test_only_the_lock_names_a_version_of_torch(root: Path) -> None:
    named = [
        name
        for name in ("Makefile", "pyproject.toml", "CONTRIBUTING.md", ".ci/run", "tools/matrix.py")
        if re.search(r"torch==\d", (root / name).read_text(encoding="utf-8"))
    ]
    assert named == []


def test_every_command_that_is_documented_or_run_by_a_workflow_exists(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    files = [
        *(root / name for name in ("README.md", "README.pt-BR.md", "CONTRIBUTING.md", ".ci/run")),
        *(root / "docs").rglob("*.md"),
        *(root / ".github").rglob("*.yml"),
        *(root / ".github").rglob("*.md"),
    ]
    used = {
        (path.name, target)
        for path in files
        for targets in MAKE.findall(path.read_text(encoding="utf-8"))
        for target in targets.split()
    }
    assert {("CONTRIBUTING.md", "check"), ("ci.yml", "test"), ("release.yml", "vsix")} <= used
    defined = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert [(name, target) for name, target in sorted(used) if target not in defined] == []
