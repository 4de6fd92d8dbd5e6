"""Editors of every recorded kind, most of them shared: torch takes longer to start than any test.

Each test finds its editor with no document open and no message received. The report of a failed
test has the messages that its client sent and received.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from protocol.editor import Editor, editing
from protocol.lsp_log import LOG


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all: the servers that tests share live in it."""
    here = Path(__file__).parent
    for item in items:
        function = getattr(item, "function", None)
        if here in item.path.parents and inspect.iscoroutinefunction(function):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    LOG.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    messages = str(LOG) if report.failed else ""
    if messages:
        report.sections.append(("LSP messages", messages))
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _vscode(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with editing(tmp_path_factory.mktemp("vscode"), configuration={}) as editor:
        yield editor


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _neovim(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with editing(tmp_path_factory.mktemp("neovim"), "neovim", configuration={}) as editor:
        yield editor


@pytest.fixture
def vscode(_vscode: Editor) -> Iterator[Editor]:
    """VS Code with this product's client: it pulls diagnostics and refreshes hints."""
    yield _vscode
    _vscode.tidy()


@pytest.fixture
def neovim(_neovim: Editor) -> Iterator[Editor]:
    """Neovim, which counts in UTF-8 and is sent diagnostics, plus this product's notifications."""
    yield _neovim
    _neovim.tidy()
