"""`make release`: one version for the server and the extension, and a changelog section for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FILES = (
    "CHANGELOG.md",
    "server/tensorhints/__init__.py",
    "tools/release.py",
    "vscode-client/CHANGELOG.md",
    "vscode-client/package-lock.json",
    "vscode-client/package.json",
)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """The files that a release changes, in a folder of their own."""
    for name in FILES:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, target)
    return tmp_path


def release(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "tools" / "release.py"), *words]
    return subprocess.run(command, capture_output=True, text=True)


def texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def add_sections(folder: Path, version: str, *names: str) -> None:
    for name in names:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}\n## [{version}] - 2030-01-31\n\n- A change.\n", encoding="utf-8")


def test_server_and_extension_have_one_version(root: Path) -> None:
    import tensorhints

    client = root / "vscode-client"
    lock = json.loads((client / "package-lock.json").read_text(encoding="utf-8"))
    found = {
        json.loads((client / "package.json").read_text(encoding="utf-8"))["version"],
        lock["version"],
        lock["packages"][""]["version"],
    }
    assert found == {tensorhints.__version__}


def test_a_release_writes_its_version_everywhere_and_changes_nothing_else(copy: Path) -> None:
    add_sections(copy, "97.98.99", "CHANGELOG.md", "vscode-client/CHANGELOG.md")
    before = texts(copy)
    assert release(copy, "97.98.99").returncode == 0
    after = texts(copy)
    assert release(copy, "--check", "97.98.99").returncode == 0
    changed = {
        (name, new)
        for name in FILES
        for old, new in zip(before[name].splitlines(), after[name].splitlines(), strict=True)
        if old != new
    }
    assert changed == {
        ("server/tensorhints/__init__.py", '__version__ = "97.98.99"'),
        ("vscode-client/package.json", '  "version": "97.98.99",'),
        ("vscode-client/package-lock.json", '  "version": "97.98.99",'),
        ("vscode-client/package-lock.json", '      "version": "97.98.99",'),
    }


@pytest.mark.parametrize("documented", ["CHANGELOG.md", "vscode-client/CHANGELOG.md"])
def test_a_release_that_a_changelog_does_not_describe_is_refused(
    copy: Path, documented: str
) -> None:
    add_sections(copy, "97.98.99", documented)
    before = texts(copy)
    refused = release(copy, "97.98.99")
    assert refused.returncode == 1
    assert "has no section for 97.98.99" in refused.stderr
    assert texts(copy) == before


@pytest.mark.parametrize("version", ["1.2", "v1.2.3", "1.2.3rc1", ""])
def test_a_text_that_is_not_a_version_is_refused(copy: Path, version: str) -> None:
    refused = release(copy, version)
    assert refused.returncode == 1
    assert "is not a version like 1.2.3" in refused.stderr


def test_the_check_before_an_upload_finds_another_version(copy: Path) -> None:
    add_sections(copy, "97.98.99", "CHANGELOG.md", "vscode-client/CHANGELOG.md")
    refused = release(copy, "--check", "97.98.99")
    assert refused.returncode == 1
    assert "not 97.98.99" in refused.stderr
