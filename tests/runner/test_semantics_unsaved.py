"""Unsaved text runs, and tracebacks and `inspect` show it, as if it had been saved first.

Each program is saved and run by plain `python FILE`. Then its files are overwritten, and the
product runs the texts that are not on disk any more.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

import interpreters
import unsaved
from truth import product

PROGRAMS = {
    "a traceback": {
        "main.py": """
            def divide(a, b):
                return (a + 1) / (b - b)
            print("before")
            value = [divide(n, 2) for n in (1, 2)]
        """,
    },
    "a traceback through a module": {
        "main.py": """
            import helper
            print(helper.VERSION, helper.__doc__)
            class Custom(Exception):
                def __str__(self):
                    return "custom " + str(helper.VERSION)
            try:
                helper.fail({"a": [1]})
            except LookupError as error:
                raise Custom from error
        """,
        "helper.py": """
            '''Helps.'''
            VERSION = 2
            def fail(d):
                inner = d["a"]
                return inner[0] + d["a"][
                    5]
        """,
    },
    "the source of what is defined": {
        "main.py": """
            import inspect, linecache, traceback, warnings
            from package import part
            from package.part import Thing
            def f(x):
                # a comment
                return x
            print(inspect.getsource(f), inspect.getsource(Thing), inspect.getsource(part))
            print(repr(linecache.getline(__file__, 2)))
            warnings.warn("shown with its line")
            try:
                part.go(0)
            except ZeroDivisionError:
                traceback.print_exc()
            exec("print(f(3))")
        """,
        "package/__init__.py": """
            from . import part
        """,
        "package/part.py": """
            class Thing:
                '''A thing.'''
                size = 3
            def go(n): return Thing.size / n
        """,
    },
    "a module in another folder of the path": {
        "main.py": """
            import sys, os
            sys.path.append(os.path.join(os.path.dirname(__file__), "lib"))
            import deep
            import importlib
            print(deep.value, importlib.reload(deep).value, deep.__file__.endswith("deep.py"))
            print(deep.f.__code__.co_filename == deep.__file__ == deep.__spec__.origin)
            deep.f()
        """,
        "lib/deep.py": """
            value = "unsaved"
            def f(): raise RuntimeError(value)
        """,
    },
}


@pytest.fixture(scope="module")
def opened(python: Path) -> Iterator[product.Product]:
    with product.opened(python) as found:
        yield found


@pytest.mark.parametrize("name", PROGRAMS)
def test_unsaved_texts_run_as_if_they_were_saved(
    name: str, python: Path, tmp_path: Path, opened: product.Product
) -> None:
    folder = tmp_path.resolve()
    texts = {}
    for file, text in PROGRAMS[name].items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        texts[str(path)] = dedent(text).lstrip()
        path.write_text(texts[str(path)], encoding="utf-8")
    main = folder / "main.py"
    plain = subprocess.run(
        [str(python), "-B", str(main)], capture_output=True, text=True, cwd=folder, check=False
    )
    for saved in texts:
        Path(saved).write_text("raise SystemExit('what was saved')\n", encoding="utf-8")

    buffers = {path: text for path, text in texts.items() if path != str(main)}
    run = opened.run(product.request(main, texts[str(main)], **unsaved.fields(buffers)))

    errors = plain.stderr
    if interpreters.version(python) < (3, 11):
        # What prints the traceback of an unsaved text, Python's `traceback`, leaves this out.
        errors = errors.replace("\n__main__.", "\n")
    assert (run.stdout, run.stderr) == (plain.stdout, errors)
    assert run.result.exit_status == plain.returncode
    assert not list(folder.rglob("__pycache__"))


def test_files_are_not_written_beside_the_program(tmp_path: Path, opened: product.Product) -> None:
    main = tmp_path.resolve() / "main.py"
    main.write_text("import torch\nx = torch.ones(2)\n", encoding="utf-8")
    run = opened.run(product.request(main))
    assert run.result.exit_status == 0
    assert [path.name for path in tmp_path.iterdir()] == ["main.py"]


def test_a_file_that_was_never_saved_runs(
    python: Path, tmp_path: Path, opened: product.Product
) -> None:
    main = tmp_path.resolve() / "untitled.py"
    text = "def f(x):\n    return x / 0\nprint('runs')\nf(1)\n"
    run = opened.run(product.request(main, text))
    assert run.stdout == "runs\n"
    carets = "           ~~^~~\n" if interpreters.version(python) >= interpreters.POSITIONS else ""
    assert f"    return x / 0\n{carets}ZeroDivisionError" in run.stderr
    assert list(tmp_path.iterdir()) == []
