"""jedi's cache of parsed files: in the product's folder, and never the reason for a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorhints.source import parse_cache
from tensorhints.source.questions import COMPLETE, Completion, Question
from tensorhints.source.reader import Reader

MODULE = "import json\njson.dum"
PATIENCE = 60.0


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(parse_cache.FOLDER_VARIABLE, str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    return folder


async def completed(folder: Path) -> list[str]:
    """Return the completions of `json.dum` from a new worker process."""
    reader = Reader()
    question = Question(COMPLETE, MODULE, str(folder / "program.py"), line=1, column=8)
    try:
        found: list[Completion] = await reader.ask(question, PATIENCE)
    finally:
        process = reader._process
        reader.close()
        assert process is not None
        await process.wait()
    return [completion.name for completion in found]


def pickles(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.pkl"))


@pytest.mark.asyncio
async def test_parsed_files_are_cached_in_the_products_folder_alone(
    cache: Path, tmp_path: Path
) -> None:
    assert await completed(tmp_path) == ["dump", "dumps"]
    assert pickles(cache)
    assert pickles(tmp_path / "home") == []


@pytest.mark.asyncio
@pytest.mark.parametrize("content", [b"", b"half", b"not a pickle", b"clost\n."])
async def test_a_damaged_cache_file_is_replaced_and_completion_answers(
    cache: Path, tmp_path: Path, content: bytes
) -> None:
    await completed(tmp_path)
    before = {path: path.read_bytes() for path in pickles(cache)}
    for path, whole in before.items():
        path.write_bytes(whole[: len(whole) // 2] if content == b"half" else content)
    assert await completed(tmp_path) == ["dump", "dumps"]
    # The first answer parsed the files anew: nothing that it read is still damaged.
    sizes = {path: path.stat().st_size for path in pickles(cache)}
    assert sizes == {path: len(whole) for path, whole in before.items()}


@pytest.mark.asyncio
async def test_a_cache_folder_that_cannot_be_written_leaves_completion_working(
    cache: Path, tmp_path: Path
) -> None:
    cache.write_text("a file where the folder would be", "utf-8")
    assert await completed(tmp_path) == ["dump", "dumps"]


def test_the_cache_is_in_the_users_cache_folder_unless_the_environment_says_otherwise(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parse_cache.default_folder() == cache
    monkeypatch.delenv(parse_cache.FOLDER_VARIABLE)
    assert parse_cache.default_folder().name == "tensorhints"
