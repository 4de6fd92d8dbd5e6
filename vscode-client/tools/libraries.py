"""Collect the server, the lessons and the server's libraries in dist/python.

Everything is pure Python, so that one extension runs on every platform. `--lock` resolves the
libraries again and writes python/requirements.txt; otherwise exactly those versions are used.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

CLIENT = Path(__file__).resolve().parent.parent
ROOT = CLIENT.parent
LOCK = CLIENT / "python" / "requirements.txt"
TARGET = CLIENT / "dist" / "python"

# Only the command line uses rich, and only editors without webviews need pages from a server.
LEFT_OUT = frozenset({"rich", "websockets"})
# pip evaluates the markers of requirements for the Python that it runs in, not for the target
# version: requirements of older versions are listed here.
FOR_OLDER = ("exceptiongroup", "tomli", "typing-extensions")
# jedi's stubs of rarely used libraries: three quarters of its size.
UNUSED = ("jedi/third_party/django-stubs", "jedi/third_party/typeshed/stubs")
_PURE = ("--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none")
_HEAD = (
    "# What the server imports, as wheels of pure Python, for Python 3.10 and later.\n"
    "# `python vscode-client/tools/libraries.py --lock` writes this file.\n"
)


def wanted() -> list[str]:
    """Return the server's requirements of pyproject.toml, without their markers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    plain = [requirement.split(";")[0].strip() for requirement in project["dependencies"]]
    return [each for each in plain if name_of(each) not in LEFT_OUT] + list(FOR_OLDER)


def name_of(requirement: str) -> str:
    """Return the normalised name of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return found[0].lower().replace("_", "-")


def locked() -> dict[str, str]:
    """Return the version of each bundled library."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE)
    return {name_of(name): version for name, version in pins}


def lock() -> None:
    """Resolve the libraries and write their versions and hashes to requirements.txt."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        _pip("--dry-run", "--report", str(report), "--target", folder, *wanted())
        installed: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["install"]
    lines = sorted(
        f"{name_of(each['metadata']['name'])}=={each['metadata']['version']} \\\n"
        f"    --hash=sha256:{each['download_info']['archive_info']['hashes']['sha256']}\n"
        for each in installed
    )
    LOCK.write_text(_HEAD + "".join(lines), "utf-8")


def collect() -> None:
    """Write the server, the lessons and the libraries to dist/python."""
    shutil.rmtree(TARGET, ignore_errors=True)
    libs = TARGET / "libs"
    _pip("--target", str(libs), "--no-deps", "--require-hashes", "--requirement", str(LOCK))
    for unused in UNUSED:
        shutil.rmtree(libs / unused)
    shutil.rmtree(libs / "bin", ignore_errors=True)
    for compiled in [*libs.rglob("*.so"), *libs.rglob("*.pyd")]:
        raise SystemExit(f"{compiled} is compiled: it would work on one platform alone")
    package = libs / "tensorhints"
    no_caches = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "server" / "tensorhints", package, ignore=no_caches)
    shutil.rmtree(package / "browser" / "static", ignore_errors=True)
    shutil.copytree(ROOT / "lessons", package / "lessons", ignore=no_caches)
    shutil.copy(CLIENT / "python" / "launch.py", TARGET)


def _pip(*arguments: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    plain = ["--no-compile", "--python-version=3.10", *_PURE]
    subprocess.run([*pip, *plain, *arguments], check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--lock"]:
        lock()
    collect()
