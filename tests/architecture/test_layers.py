"""Which package may import which: the invariants of docs/architecture.md that imports show."""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SERVER = Path(__file__).resolve().parents[2] / "server" / "tensorhints"
IN_THE_USERS_PYTHON = sorted(
    path for package in ("model", "runner") for path in (SERVER / package).rglob("*.py")
)

MODULES = {
    ".".join(path.relative_to(SERVER.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SERVER.rglob("*.py"))
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# What a module may import in the user's interpreter, besides the standard library.
INSTALLED_BY_THE_USER = {"torch", "numpy"}


def _id(path: Path) -> str:
    return str(path.relative_to(SERVER))


def _tool(name: str) -> str:
    return str(Path(sysconfig.get_path("scripts")) / name)


def test_the_scans_find_the_modules() -> None:
    assert len(MODULES) > 250
    assert len(IN_THE_USERS_PYTHON) > 100
    assert {"model", "runner"} == {
        path.relative_to(SERVER).parts[0] for path in IN_THE_USERS_PYTHON
    }


def test_the_packages_import_in_one_direction(root: Path) -> None:
    checked = subprocess.run(
        [_tool("lint-imports"), "--no-cache"], cwd=root, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("package", "statement"),
    [
        ("engine", "import torch"),
        ("lsp", "import torch"),
        ("session", "from torch import nn"),
        ("cli", "import pygls"),
        ("session", "from lsprotocol import types"),
        ("browser", "import pygls"),
        ("browser", "import torch"),
        ("study", "from lsprotocol import types"),
    ],
)
def test_a_banned_import_does_not_pass_the_lint(root: Path, package: str, statement: str) -> None:
    name = f"server/tensorhints/{package}/example.py"
    checked = subprocess.run(
        [_tool("ruff"), "check", "--no-cache", "--select", "TID", "--stdin-filename", name, "-"],
        cwd=root,
        input=statement + "\n",
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 1, checked.stdout + checked.stderr


# Every module of the server's side, as if each command and each request had been used.
IMPORT_ALL = """\
import importlib, pkgutil, sys, tensorhints
for module in pkgutil.walk_packages(tensorhints.__path__, "tensorhints."):
    if ".runner" not in module.name and "__main__" not in module.name:
        importlib.import_module(module.name)
"""


def test_the_server_can_be_imported_without_torch() -> None:
    program = f"import sys\nsys.modules['torch'] = sys.modules['numpy'] = None\n{IMPORT_ALL}"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_server_does_not_import_an_installed_torch() -> None:
    program = (
        f"{IMPORT_ALL}"
        "loaded = {name.partition('.')[0] for name in sys.modules} & {'torch', 'numpy'}\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_other_commands_do_not_import_the_protocol() -> None:
    program = (
        "import sys\n"
        "import tensorhints.cli, tensorhints.cli.serve, tensorhints.cli.run\n"
        "sys.exit('pygls' in sys.modules or 'lsprotocol' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("path", IN_THE_USERS_PYTHON, ids=_id)
def test_modules_in_the_users_python_are_written_for_python_3_9(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 9))


@pytest.mark.parametrize("path", IN_THE_USERS_PYTHON, ids=_id)
def test_modules_in_the_users_python_import_only_installed_ones(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    absolute = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in _imported(node)
        if name.partition(".")[0] != "__future__"
    }
    assert absolute <= set(sys.stdlib_module_names) | INSTALLED_BY_THE_USER


@pytest.mark.parametrize("path", sorted((SERVER / "model").rglob("*.py")), ids=_id)
def test_the_model_does_not_import_torch(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    assert not {name for node in ast.walk(tree) for name in _imported(node)} & INSTALLED_BY_THE_USER


def test_no_import_cycle_type_only_and_deferred_imports_included() -> None:
    imports = {module: _imports_of(module, path) for module, path in MODULES.items()}
    assert sum(map(len, imports.values())) > 700
    # A module that imports none of the others is in no cycle; what is left over at the end is.
    while leaves := [module for module, imported in imports.items() if not imported & set(imports)]:
        for module in leaves:
            del imports[module]
    assert imports == {}


LARGE = 20
# Their docstrings say why they are not divided.
LARGE_CLASSES = {"Instrumenter", "LiveFile", "Progress"}


def test_a_class_has_few_methods() -> None:
    large = {
        node.name
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and sum(isinstance(item, FUNCTIONS) for item in node.body) > LARGE
    }
    assert large == LARGE_CLASSES


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports by their absolute names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []


def _imports_of(module: str, path: Path) -> set[str]:
    """The modules of this project that a module imports, anywhere in its text."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            around = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*around, node.module or ""] if node.level else [node.module or ""])
            base = base.rstrip(".")
            for alias in node.names:
                name = f"{base}.{alias.name}"
                found.add(name if name in MODULES else base)
    return (found & set(MODULES)) - {module}
