"""Editors from Debian's packages: some into a folder of their own, some onto this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
_LOADER = "usr/lib64/ld-linux-x86-64.so.2"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"
_NEOVIM, _HELIX = "usr/bin/nvim", "usr/lib/hx/hx"


def install(*packages: str, backports: bool = False) -> None:
    """What of these is not there yet. Skips the test where this is no Debian to install on."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        pytest.skip(f"{', '.join(packages)} can only be installed on Debian, by root")
    options = _with_backports() if backports else []
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        ran = subprocess.run(
            ["apt-get", "-qq", *options, *command], env=quiet, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def _with_backports() -> list[str]:
    """Apt's own lists stay as they are."""
    if not _SOURCES.exists():
        pytest.skip("the machine's Debian sources are not where they are looked for")
    mirror = next(
        line.split()[1] for line in _SOURCES.read_text().splitlines() if line.startswith("URIs:")
    )
    folder = Path("/tmp/tensorhints-apt")
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (folder / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    lines = [
        f"deb [signed-by={key}] {mirror} {suite} main\n"
        for suite in ("bookworm", "bookworm-backports")
    ]
    (folder / "sources.list").write_text("".join(lines))
    return [
        *("-o", f"Dir::Etc::sourcelist={folder / 'sources.list'}"),
        *("-o", "Dir::Etc::sourceparts=-"),
        *("-o", f"Dir::State::lists={folder / 'lists'}"),
        *("-o", f"Dir::Cache={folder / 'cache'}"),
        *("-t", "bookworm-backports"),
    ]


def tree(cache: Path) -> Path:
    """Debian 13 with Helix 25.01 and Neovim 0.10.4, unpacked once. Both run where the tree is, with
    its own libraries.
    """
    folder = cache / "debian-13"
    if not (folder / _HELIX).exists():
        if shutil.which("mmdebstrap") is None:
            install("mmdebstrap")
        shutil.rmtree(folder, ignore_errors=True)
        command = ["mmdebstrap", "--quiet", "--variant=apt", "--include=neovim,hx", "trixie"]
        _run([*command, str(folder)])
    if shutil.which("patchelf") is None:
        install("patchelf")
    loader, libraries = str(folder / _LOADER), str(folder / _LIBRARIES)
    own = ["--set-interpreter", loader, "--force-rpath", "--set-rpath", libraries]
    for program in (_NEOVIM, _HELIX):
        _run(["patchelf", *own, str(folder / program)])
    return folder


def neovim(tree: Path) -> str:
    return str(tree / _NEOVIM)


def helix(tree: Path) -> str:
    return str(tree / _HELIX)


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
