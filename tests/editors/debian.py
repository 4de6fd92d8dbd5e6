"""Editors from Debian's packages: some into a folder of their own, some onto this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# What each package of the tree is there for.
_PROGRAMS = {"neovim": "usr/bin/nvim", "hx": "usr/lib/hx/hx", "emacs-nox": "usr/bin/emacs-nox"}
_LOADER = "usr/lib64/ld-linux-x86-64.so.2"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"


def install(*packages: str) -> None:
    """What of these is not there yet. Skips the test where this is no Debian to install on."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        pytest.skip(f"{', '.join(packages)} can only be installed on Debian, by root")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        ran = subprocess.run(
            ["apt-get", "-qq", *command], env=quiet, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def tree(cache: Path) -> Path:
    """Debian 13 with Helix 25.01, Neovim 0.10.4 and Emacs 30.1, unpacked once."""
    folder = cache / "debian-13"
    if not all((folder / program).exists() for program in _PROGRAMS.values()):
        if shutil.which("mmdebstrap") is None:
            install("mmdebstrap")
        shutil.rmtree(folder, ignore_errors=True)
        packages = f"--include={','.join(_PROGRAMS)}"
        command = ["mmdebstrap", "--quiet", "--variant=apt", packages, "trixie"]
        ran = subprocess.run([*command, str(folder)], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
    return folder


def started(tree: Path, program: str) -> list[str]:
    """The command that starts a program of the tree with the tree's own libraries."""
    return [str(tree / _LOADER), "--library-path", str(tree / _LIBRARIES), str(tree / program)]
