"""Tracked files hold no path of a developer's machine, and each module has a docstring."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

# Written so that this file does not find itself.
A_MACHINES_PATH = re.compile(rb"(?<![\w.])/(?:home|Users|root|work)" + rb"/[\w.-]+/")


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False, text=True
    )
    if listed.returncode != 0:
        pytest.skip("this is not a checkout")
    paths = [root / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_files_do_not_contain_paths_of_one_machine(tracked: list[Path]) -> None:
    found = [str(path) for path in tracked if A_MACHINES_PATH.search(path.read_bytes())]
    assert found == []


def test_every_module_of_the_product_has_a_docstring(tracked: list[Path]) -> None:
    product = [path for path in tracked if path.suffix == ".py" and "server" in path.parts]
    assert len(product) > 250
    silent = [
        str(path)
        for path in product
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
