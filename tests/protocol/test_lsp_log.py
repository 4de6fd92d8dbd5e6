"""A failing protocol test shows what its client and its server sent each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from protocol.editor import ROOT

FAILING = """\
from protocol.editor import editing


async def test_that_fails(tmp_path):
    async with editing(tmp_path, options={"trusted": False}) as editor:
        uri = editor.open("program.py", "x = 1\\n")
        assert await editor.lenses(uri) == ["a lens that is not there"]


def test_that_passes():
    pass
"""


def test_a_failed_test_reports_its_messages(tmp_path: Path) -> None:
    file = tmp_path / "test_failing.py"
    file.write_text(FAILING, encoding="utf-8")
    options = ("-p", "protocol.conftest", "-p", "no:cacheprovider", "-p", "no:xdist")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", str(ROOT / "pyproject.toml"), str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "1 failed, 1 passed" in ran.stdout, ran.stdout + ran.stderr
    section = ran.stdout.partition("LSP messages")[2]
    sent = [line for line in section.splitlines() if "client → server" in line]
    received = [line for line in section.splitlines() if "server → client" in line]
    assert any('"textDocument/didOpen"' in line for line in sent), section
    assert any('"textDocument/codeLens"' in line for line in sent), section
    assert any('"result"' in line for line in received), section
