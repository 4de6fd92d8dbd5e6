"""The home folder: the server writes only below folders of its own name, the tests not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from lsprotocol import types

from protocol.editor import editing, within

PROGRAM = "import torch\nx = torch.ones(2, 3)\ny = x @ x.T\ntorch.relu(y)\n"
XDG = ("CACHE", "CONFIG", "DATA", "STATE")


async def test_the_server_writes_only_below_folders_of_its_own_name(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    environment = {"HOME": str(home), "USERPROFILE": str(home)}
    environment |= {f"XDG_{name}_HOME": "" for name in XDG}
    async with editing(folder, "neovim", configuration={}, environment=environment) as editor:
        uri = editor.open("program.py", PROGRAM)
        await editor.run(uri)
        assert "x«: f32[2,3] cpu»" in await editor.drawn(uri)
        params = types.CompletionParams(
            types.TextDocumentIdentifier(uri), types.Position(3, len("torch.re"))
        )
        while True:
            found = await within(editor.client.text_document_completion_async(params))
            if not found.is_incomplete:
                break
        assert found.items
        await editor.command("lesson", {"lesson": "tensors"})
    written = [path.relative_to(home) for path in home.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if "tensorhints" not in path.parts] == []


def test_no_test_knows_the_users_home(home: Path) -> None:
    code = "from pathlib import Path; print(Path.home())"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert Path(started.stdout.strip()) == Path.home() == home
    folders = [Path(os.environ[f"XDG_{name}_HOME"]) for name in XDG]
    assert [folder for folder in folders if home not in folder.parents] == []
