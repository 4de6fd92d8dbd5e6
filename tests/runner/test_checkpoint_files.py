"""Files that a program looks for above a checkpoint: once they change, it runs from the top."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tensorhints.model import messages

from .editing import SLOW, Edits, line_resumed

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOK = {
    "opened": "open(PATH).read()",
    "opened as bytes": "open(os.fsencode(PATH), 'rb').read()",
    "opened by its descriptor": "os.read(os.open(PATH, os.O_RDONLY), 99)",
    "opened by pathlib": "pathlib.Path(PATH).read_text()",
    "opened by NumPy": "numpy.fromfile(PATH, 'u1').tolist()",
    "opened by a relative path": "open(os.path.relpath(PATH)).read()",
    "opened in another folder": "os.chdir(FOLDER), open('data').read(), os.chdir(HERE)",
    "measured": "os.path.getsize(PATH), os.path.getmtime(PATH)",
    "measured by pathlib": "pathlib.Path(PATH).stat().st_mtime_ns",
}

PATHS = {
    "beside the program": "{here}/data",
    "four folders deep": "{here}/a/b/c/d/data",
    "hidden": "{here}/.cache/.data",
    "with the suffix of a program": "{here}/data.py",
    "outside of the folders": "{elsewhere}/data",
    "behind a link": "{here}/link/data",
}

CHANGES: dict[str, Callable[[Path], object]] = {
    "it is rewritten": lambda path: path.write_text("other"),
    "it grows": lambda path: path.write_text("first and more"),
    "it is removed": lambda path: path.unlink(),
}


def same_size_and_time(path: Path) -> None:
    before = path.stat()
    path.write_text("fIRST")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def same_content_in_another_file(path: Path) -> None:
    shutil.copy2(path, path.with_name("copy"))
    path.write_text("second")
    path.with_name("copy").replace(path)


CHANGES["its size and time stay"] = same_size_and_time
CHANGES["another file stands there"] = same_content_in_another_file


def program(look: str, path: str) -> str:
    """Return a program in which no string names the file."""
    (letters := [ord(letter) for letter in path]).reverse()
    return (
        "import os, pathlib, numpy\nHERE = os.getcwd()\n"
        f"PATH = ''.join(map(chr, {letters}[::-1]))\nFOLDER, NAME = os.path.split(PATH)\n"
        f"def look():\n    try: return {look}\n    except OSError as error: return type(error)\n"
        f"found = look()\ndel PATH, FOLDER\n{SLOW}print(found, {{}})\n"
    )


async def assert_noticed(edits: Edits, text: str, change: Callable[[], object]) -> None:
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    change()
    _, whole = await edits.run(text.format(3))
    (started,) = whole.of(messages.Started)
    assert started.whole is not None
    assert started.whole.reason == "files-changed"
    _, scratch = await edits.scratch(text.format(3))
    assert whole.stdout == scratch.stdout
    _, received = await edits.run(text.format(4))
    assert line_resumed(received) is not None


def made(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, where: str) -> Path:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (tmp_path / "link").symlink_to(elsewhere)
    path = Path(PATHS[where].format(here=tmp_path, elsewhere=elsewhere))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("first")
    return path


@pytest.mark.parametrize("look", LOOK)
async def test_a_file_that_was_looked_for_is_compared(
    edits: Edits, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, look: str
) -> None:
    path = made(tmp_path, tmp_path_factory, "four folders deep")
    await assert_noticed(
        edits, program(LOOK[look], str(path)), lambda: path.write_text("other and longer")
    )


@pytest.mark.parametrize("where", PATHS)
async def test_a_file_is_compared_wherever_it_is(
    edits: Edits, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, where: str
) -> None:
    path = made(tmp_path, tmp_path_factory, where)
    text = program(LOOK["opened"], str(path))
    await assert_noticed(edits, text, lambda: path.write_text("other"))


@pytest.mark.parametrize("change", CHANGES)
async def test_every_change_of_a_file_is_noticed(
    edits: Edits, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, change: str
) -> None:
    path = made(tmp_path, tmp_path_factory, "outside of the folders")
    text = program(LOOK["opened"], str(path))
    await assert_noticed(edits, text, lambda: CHANGES[change](path))


MISSING = {
    "opened": LOOK["opened"],
    "os.path.exists": "os.path.exists(PATH)",
    "os.path.isfile": "os.path.isfile(PATH)",
    "os.path.isdir": "os.path.isdir(FOLDER)",
    "os.path.lexists": "os.path.lexists(PATH)",
    "pathlib.exists": "pathlib.Path(PATH).exists()",
    "pathlib.is_file": "pathlib.Path(PATH).is_file()",
    "os.listdir": "NAME in os.listdir(os.path.dirname(FOLDER))",
    "os.scandir": "sorted(entry.name for entry in os.scandir(os.path.dirname(FOLDER)))",
    "os.walk": "[names for _, _, names in os.walk(os.path.dirname(FOLDER))]",
    "glob": "__import__('glob').glob(FOLDER + '/*')",
    "pathlib.iterdir": "list(pathlib.Path(FOLDER).parent.iterdir())",
}


@pytest.mark.parametrize("look", MISSING)
async def test_a_file_that_appears_is_noticed(edits: Edits, tmp_path: Path, look: str) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    path = deep / "d" / "data"
    if look == "os.walk":
        path.parent.mkdir()

    def appear() -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text("first")

    await assert_noticed(edits, program(MISSING[look], str(path)), appear)


IMPORTS = {
    "a module": ("late_module", "late_module.py"),
    "a package": ("late_module", "late_module/__init__.py"),
    "a module of a package": ("own.late_module", "own/late_module.py"),
    "a module in a folder of the search path": ("late_module", "more/late_module.py"),
}


@pytest.mark.parametrize("case", IMPORTS)
async def test_a_module_that_appears_is_noticed(edits: Edits, tmp_path: Path, case: str) -> None:
    name, file = IMPORTS[case]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "__init__.py").touch()
    text = (
        "import sys; sys.path.append('more')\n"
        f"try: import {name} as found\nexcept ImportError: found = None\n{SLOW}"
        "print(found is not None, {})\n"
    )

    def appear() -> None:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()

    await assert_noticed(edits, text, appear)


async def test_a_module_that_would_be_found_first_is_noticed(edits: Edits, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "own.py").write_text("x = 1\n")
    text = f"import sys; sys.path.append('more')\nimport own\n{SLOW}print(own.x, {{}})\n"
    await assert_noticed(edits, text, lambda: (tmp_path / "own.py").write_text("x = 2\n"))


async def test_what_only_the_rest_looks_for_may_change(edits: Edits, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("first")
    text = (
        f"import os\n{SLOW}PATH = chr(100) + 'ata'\nprint(open(PATH).read(), os.listdir(), {{}})\n"
    )
    await edits.run(text.format(1))
    (tmp_path / "data").write_text("second")
    (tmp_path / "new").touch()
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    assert received.stdout.startswith("second")


HARMLESS = {
    "the program's own text is read": "open(__file__).read()",
    "its source is inspected": "import inspect; inspect.getsource(inspect)",
    "a module beside it is imported": "import beside",
    "a traceback is printed": "import traceback; traceback.print_stack()",
    "a folder is made": "os.makedirs('out', exist_ok=True)",
}


@pytest.mark.parametrize("case", HARMLESS)
async def test_what_editors_and_python_write_is_not_a_change(
    edits: Edits, tmp_path: Path, case: str
) -> None:
    program_file, beside = tmp_path / "program.py", tmp_path / "beside.py"
    for file in (program_file, beside):
        file.write_text("x = 1\n")
    text = f"import os\n{HARMLESS[case]}\nnames = os.listdir()\n{SLOW}print({{}})\n"
    roots = (str(tmp_path),)
    await edits.run(text.format(1), roots=roots)
    program_file.write_text("saved")
    beside.write_text("x = 1\n")
    (tmp_path / ".program.py.swp").touch()
    (tmp_path / "__pycache__").mkdir(exist_ok=True)
    _, received = await edits.run(text.format(2), roots=roots)
    assert line_resumed(received) is not None


async def test_functions_that_are_watched_stay_what_they_are(edits: Edits) -> None:
    text = (
        "import inspect, os, pathlib, pickle, traceback\n"
        "for f in os.path.exists, os.path.getsize, os.path.islink, pathlib.Path.stat:\n"
        "    print(f.__qualname__, inspect.signature(f), f.__doc__, pickle.dumps(f))\n"
        "for call in (lambda: os.path.getsize('no'), lambda: pathlib.Path('no').stat(),\n"
        "             lambda: os.path.exists(None), lambda: open('no')):\n"
        "    try: call()\n    except Exception: traceback.print_exc()\n"
    )
    _, received = await edits.run(text)
    _, plain = await edits.scratch(text)
    assert received.stdout == plain.stdout
    assert received.stderr == plain.stderr
    assert "runner" not in received.stderr
