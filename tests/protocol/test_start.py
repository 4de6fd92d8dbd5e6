"""The answer to `initialize` does not wait for the features."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

# What takes long to import and is needed by requests alone.
LATER = (
    "tensorhints.browser",
    "tensorhints.course.loader",
    "tensorhints.course.progress",
    "tensorhints.lsp.features.hints",
    "tensorhints.lsp.features.lessons",
    "tensorhints.lsp.features.pages",
    "tensorhints.lsp.features.python",
    "tensorhints.lsp.notifications",
    "tensorhints.lsp.render",
    "tensorhints.lsp.snapshot",
    "tensorhints.present.explain",
    "tensorhints.present.labels",
    "tensorhints.study.study",
    "websockets",
)

INITIALIZED = """\
import asyncio, sys
from lsprotocol import types
from tensorhints.engine.pool import Pool
from tensorhints.lsp.server import _new_server

async def initialize():
    server = _new_server(Pool())
    options = {"trusted": False}
    params = types.InitializeParams(types.ClientCapabilities(), initialization_options=options)
    server.protocol.fm.features[types.INITIALIZE](params)
    assert server.is_initialized
    print(*sys.modules)
    await server.close()

asyncio.run(initialize())
"""


def test_the_modules_to_import_later_exist() -> None:
    assert [name for name in LATER if importlib.util.find_spec(name) is None] == []


def test_features_are_imported_after_the_answer_to_initialize() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", INITIALIZED], capture_output=True, text=True, check=True
    )
    assert [name for name in LATER if name in ran.stdout.split()] == []
