"""The choice of the interpreter: the setting, or else an environment, preferably with torch."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tensorhints.engine.interpreters import Interpreter, InterpreterError, find_interpreter
from tensorhints.model.user_messages import UserMessage


def environment(folder: Path, *, torch: bool = True) -> Path:
    """Create the files of a virtual environment and return its interpreter."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("")
    python.chmod(0o755)
    package = folder / "lib" / "python3.11" / "site-packages" / ("torch" if torch else "other")
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    return python


NOWHERE = {"PATH": ""}


def test_the_setting_comes_first(tmp_path: Path) -> None:
    environment(tmp_path / ".venv")
    python = environment(tmp_path / "mine", torch=False)
    assert find_interpreter(str(python), tmp_path) == Interpreter(python, "setting")


@pytest.mark.parametrize("setting", ["mine/bin/python", "mine", "{folder}/mine"])
def test_the_setting_may_be_relative_or_an_environments_folder(
    tmp_path: Path, setting: str
) -> None:
    python = environment(tmp_path / "mine")
    assert find_interpreter(setting.format(folder=tmp_path), tmp_path).path == python


def test_the_setting_may_be_a_command(tmp_path: Path) -> None:
    python = environment(tmp_path / "mine")
    found = find_interpreter("python", tmp_path, environment={"PATH": str(python.parent)})
    assert found == Interpreter(python, "setting")


@pytest.mark.parametrize("setting", ["/no/such/python", "no-such-python", "text.txt"])
def test_a_setting_that_is_not_an_interpreter_is_an_error(tmp_path: Path, setting: str) -> None:
    (tmp_path / "text.txt").write_text("")
    with pytest.raises(InterpreterError) as raised:
        find_interpreter(setting, tmp_path, environment=NOWHERE)
    assert raised.value.user_message == UserMessage("no-interpreter", str(tmp_path / setting))


def test_the_active_environment_comes_before_the_workspaces(tmp_path: Path) -> None:
    environment(tmp_path / ".venv")
    python = environment(tmp_path / "active")
    found = find_interpreter(
        None, tmp_path, environment={**NOWHERE, "VIRTUAL_ENV": str(tmp_path / "active")}
    )
    assert found == Interpreter(python, "VIRTUAL_ENV")


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_the_workspaces_environment_comes_before_conda(tmp_path: Path, name: str) -> None:
    python = environment(tmp_path / name)
    conda = {**NOWHERE, "CONDA_PREFIX": str(tmp_path / "conda")}
    environment(tmp_path / "conda")
    found = find_interpreter(None, tmp_path, environment=conda)
    assert (found.path, found.why) == (python, f"workspace {name}")


def test_environments_of_an_untrusted_workspace_are_ignored(tmp_path: Path) -> None:
    environment(tmp_path / ".venv")
    found = find_interpreter(None, tmp_path, trusted=False, environment=NOWHERE)
    assert found == Interpreter(Path(sys.executable), "own")


def test_an_environment_without_torch_is_skipped(tmp_path: Path) -> None:
    environment(tmp_path / ".venv", torch=False)
    python = environment(tmp_path / "conda")
    found = find_interpreter(
        None, tmp_path, environment={**NOWHERE, "CONDA_PREFIX": str(tmp_path / "conda")}
    )
    assert found == Interpreter(python, "CONDA_PREFIX")


def test_the_first_candidate_is_chosen_if_none_has_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    python = environment(tmp_path / ".venv", torch=False)
    found = find_interpreter(None, tmp_path, environment=NOWHERE)
    assert found == Interpreter(python, "workspace .venv")


def test_a_folder_without_python_is_not_an_environment(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    assert find_interpreter(None, tmp_path, environment=NOWHERE).why == "own"
