"""Fixtures and options shared by all tests: the checkout, the interpreter, an empty home folder."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import interpreters

ROOT = Path(__file__).resolve().parent.parent

XDG_DEFAULTS = {
    "CACHE": ".cache",
    "CONFIG": ".config",
    "DATA": ".local/share",
    "STATE": ".local/state",
}
"""The base folders, below the home folder, of the XDG Base Directory Specification."""

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Handle signals as in a terminal: `nohup` and `&` leave some ignored, also for children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGHUP", "SIGQUIT"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files; read the diff then"
    )
    parser.addoption(
        "--interpreter",
        type=Path,
        default=Path(sys.executable),
        help="the Python (3.9 or later, with torch) that runs programs in tests/runner",
    )


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether golden files are to be rewritten instead of compared."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's checkout."""
    return ROOT


@pytest.fixture(scope="session")
def python(pytestconfig: pytest.Config) -> Path:
    """The interpreter that runs programs in the tests; the default is this one, which has torch."""
    return Path(pytestconfig.getoption("--interpreter")).absolute()


@pytest.fixture(scope="session")
def simulation(python: Path) -> None:
    """Skip the test where the interpreter's torch is too old for the simulated device."""
    if interpreters.torch_version(python) < interpreters.SIMULATES:
        pytest.skip("the interpreter's torch is too old for the simulated device")


@pytest.fixture(scope="session")
def openmp_pauses(python: Path) -> None:
    """Skip the test where no checkpoint can be made after a parallel operation of torch."""
    if not interpreters.pauses_openmp(python):
        pytest.skip("the interpreter's OpenMP cannot stop its threads")


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder for this process and all that it starts.

    Tests neither read the developer's files and settings nor leave anything among them.
    """
    folder = tmp_path_factory.mktemp("home")
    pyenv = Path.home() / ".pyenv"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("TENSORHINTS_", "XDG_"))]:
            patch.delenv(name)
        if "PYENV_ROOT" not in os.environ and pyenv.is_dir():
            patch.setenv("PYENV_ROOT", str(pyenv))  # pyenv's `python3` looks for it in the home
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(folder))
        for name, default in XDG_DEFAULTS.items():
            patch.setenv(f"XDG_{name}_HOME", str(folder / default))
        yield folder


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the developer's own locale, colours and environments from a test."""
    for name in ("NO_COLOR", "FORCE_COLOR", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
