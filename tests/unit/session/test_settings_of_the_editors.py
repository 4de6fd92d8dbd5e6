"""The extension's manifest agrees with the server's settings and libraries."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


def tool(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tool_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_manifest_has_the_settings_of_the_server(root: Path) -> None:
    text = (root / "vscode-client" / "package.json").read_text("utf-8")
    assert text == tool(root / "tools" / "generate.py").manifest(text)


def test_a_manifest_that_differs_is_reported(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate = tool(root / "tools" / "generate.py")
    manifest = json.loads((root / "vscode-client" / "package.json").read_text("utf-8"))
    manifest["contributes"]["configuration"][0]["properties"].popitem()
    assert generate.manifest(json.dumps(manifest)) != json.dumps(manifest, indent=2) + "\n"


def test_generated_files_agree_with_the_definitions(root: Path) -> None:
    """`make generate` changes nothing: protocol tables, the client's schema, settings."""
    assert tool(root / "tools" / "generate.py").main(["--check"]) == 0


def test_every_library_of_the_server_is_bundled_in_a_version_that_it_takes(root: Path) -> None:
    libraries = tool(root / "vscode-client" / "tools" / "libraries.py")
    pinned = libraries.locked()
    lines = [f"{libraries.name_of(each)}" for each in libraries.wanted()]
    assert lines
    assert set(lines) <= set(pinned)
    assert libraries.LEFT_OUT.isdisjoint(pinned)


def test_the_server_of_the_extension_imports_only_bundled_libraries(root: Path) -> None:
    """The command line draws with rich, which the extension leaves out."""
    program = (
        "import sys; sys.modules['rich'] = None\n"
        "import tensorhints.cli, tensorhints.cli.serve, tensorhints.lsp.server\n"
    )
    server = root / "server"
    subprocess.run([sys.executable, "-c", program], cwd=server, check=True)
