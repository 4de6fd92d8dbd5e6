"""Installs Debian packages, either on this machine or as editors in a separate tree."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_NEOVIM, _HELIX, _EMACS = "usr/bin/nvim", "usr/lib/hx/hx", "usr/bin/emacs-nox"
# The program of each package in the tree.
_PROGRAMS = {"neovim": _NEOVIM, "hx": _HELIX, "emacs-nox": _EMACS}
_LOADER = "usr/lib64/ld-linux-x86-64.so.2"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"
_INSTALL_LIMIT = 900
"""Seconds that one command of an installation may take."""


def install(*packages: str) -> None:
    """Install the missing packages. Skip the test if this is not Debian or not root."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        pytest.skip(f"{', '.join(packages)} can only be installed on Debian, by root")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        ran = subprocess.run(
            ["apt-get", "-qq", *command],
            env=quiet,
            capture_output=True,
            text=True,
            timeout=_INSTALL_LIMIT,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def tree(cache: Path) -> Path:
    """Unpack Debian 13 with Helix 25.01, Neovim 0.10.4 and Emacs 30.1, once.

    The programs run in place, with the libraries of the tree.
    """
    folder = cache / "debian-13"
    if not all((folder / program).exists() for program in _PROGRAMS.values()):
        if shutil.which("mmdebstrap") is None:
            install("mmdebstrap")
        shutil.rmtree(folder, ignore_errors=True)
        packages = f"--include={','.join(_PROGRAMS)}"
        _run(["mmdebstrap", "--quiet", "--variant=apt", packages, "trixie", str(folder)])
    if shutil.which("patchelf") is None:
        install("patchelf")
    loader, libraries = str(folder / _LOADER), str(folder / _LIBRARIES)
    own = ["--set-interpreter", loader, "--force-rpath", "--set-rpath", libraries]
    for program in _PROGRAMS.values():
        _run(["patchelf", *own, str(folder / program)])
    return folder


def neovim(tree: Path) -> str:
    return str(tree / _NEOVIM)


def helix(tree: Path) -> str:
    return str(tree / _HELIX)


def emacs(tree: Path) -> str:
    return str(tree / _EMACS)


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_LIMIT)
    assert ran.returncode == 0, ran.stderr
