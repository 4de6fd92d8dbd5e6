"""Tests the packaged extension in a real VS Code workbench, driven through a browser.

Everything runs in a network namespace with a loopback interface only, so that connections to other
machines fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from editors import debian

HERE = Path(__file__).parent
MEGABYTE = 1024 * 1024
# The Debian package of each command; two of code-server's modules are compiled.
_NEEDED = {"npm": "npm", "chromium": "chromium", "g++": "build-essential"}
_LOOPBACK = (
    "import fcntl, socket, struct; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))"
)

pytestmark = [
    pytest.mark.editor,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="code-server and chromium for Linux"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def installed(root: Path) -> Path:
    """Install code-server, kept between sessions, and the extension's npm packages."""
    missing = [package for command, package in _NEEDED.items() if shutil.which(command) is None]
    if missing:
        debian.install(*missing)
    folder = root / ".cache" / "vscode"
    environment = {**os.environ, "PYTHON": sys.executable}
    subprocess.run([str(HERE / "install.sh"), str(folder)], check=True, env=environment)
    return folder


def npm(root: Path, installed: Path, script: str) -> None:
    path = os.pathsep.join([str(installed / "bin"), os.environ["PATH"]])
    command = ["npm", "run", "--silent", script]
    subprocess.run(
        command, cwd=root / "vscode-client", check=True, env={**os.environ, "PATH": path}
    )


@pytest.fixture(scope="module")
def vsix(root: Path, installed: Path) -> Path:
    client = root / "vscode-client"
    subprocess.run([sys.executable, str(client / "tools" / "libraries.py")], check=True)
    for script in ("build", "vsix"):
        npm(root, installed, script)
    return client / "tensorhints.vsix"


def test_the_package_is_small_and_holds_nothing_compiled(vsix: Path) -> None:
    with zipfile.ZipFile(vsix) as package:
        names = package.namelist()
    assert vsix.stat().st_size <= 4 * MEGABYTE
    assert [name for name in names if name.endswith((".so", ".pyd", ".pyc", ".ts", ".map"))] == []
    assert "extension/dist/python/libs/tensorhints/lessons/course.toml" in names


def test_its_own_checks_and_unit_tests_pass(root: Path, installed: Path) -> None:
    for script in ("typecheck", "lint", "test"):
        npm(root, installed, script)


@pytest.mark.parametrize(
    "name", ["exthost", "lesson", "inspector", "notebook", "trust", "server", "portuguese"]
)
def test_in_the_workbench(root: Path, installed: Path, vsix: Path, name: str) -> None:
    base = Path(sys.base_prefix) / "bin" / "python3"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(installed / "bin"), os.environ["PATH"]]),
        "VSCODE_FOLDER": str(installed),
        "VSIX": str(vsix),
        "PYTHON": sys.executable,
        # This Python has no packages: the server imports those of the extension.
        "SERVER_PYTHON": str(base),
        "SHOTS": str(root / ".cache" / "screenshots"),
    }
    node = [str(installed / "bin" / "node"), "--test", "--test-reporter=spec"]
    inside = [
        sys.executable,
        "-c",
        f"{_LOOPBACK}; import os, sys; os.execv(sys.argv[1], sys.argv[1:])",
    ]
    namespace = (
        ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    )
    if subprocess.run([*namespace, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow network namespaces")
    ran = subprocess.run(
        [*namespace, *inside, *node, str(HERE / f"{name}.test.mjs")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    print(ran.stdout)
