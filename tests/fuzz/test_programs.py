"""Any text is parsed, or refused with a problem; any program that Python compiles, we compile too.

The runner's packages are loaded in a Python process of their own, as the host loads them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve()
CORPUS = HERE.parent.parent / "corpus"
SERVER = HERE.parent.parent.parent / "server"

PRELUDE = """
import ast, json, random, re, sys, warnings
sys.path.insert(0, sys.argv[1])
from tensorhints.model.failures import SyntaxProblem
from tensorhints.runner.instrument import instrument
from tensorhints.runner.syntax import program
from tensorhints.runner.instrument.probe_registry import ProbeRegistry
warnings.simplefilter("ignore")
sys.setrecursionlimit(3000)
"""


def evaluate(script: str, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + dedent(script), str(SERVER), *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


PREFIXES = """
found = []
for path in sys.argv[2:]:
    text = open(path, newline="", encoding="utf-8").read()
    for end in range(len(text) + 1):
        half = text[:end]
        try:
            result = program.parse(path, half)
        except BaseException as error:
            found.append([path, end, f"raised {error!r}"])
            continue
        try:
            compile(half, path, "exec", dont_inherit=True)
            valid = True
        except (SyntaxError, ValueError):
            valid = False
        if valid is isinstance(result, SyntaxProblem):
            found.append([path, end, f"Python says {valid}, parse says {result!r}"])
        if isinstance(result, SyntaxProblem):
            span, lines = result.span, re.split("\\r\\n|\\r|\\n", half)
            inside = 0 <= span.line < len(lines) and 0 <= span.column <= len(lines[span.line])
            ordered = (span.line, span.column) <= (span.end_line, span.end_column)
            if not (result.message and inside and ordered):
                found.append([path, end, repr(result)])
        elif end % 7 == 0:
            try:
                registry = ProbeRegistry()
                tree = instrument.Instrumenter(path, result.lines, registry).module(result.tree)
                compile(tree, path, "exec", dont_inherit=True)
            except BaseException as error:
                found.append([path, end, f"instrumenting raised {error!r}"])
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    "name",
    ["unicode_names.py", "match_statement.py", "targets.py", "crlf_tabs.py", "odd_separators.py"],
)
def test_every_prefix_of_a_file_is_parsed_or_refused(name: str) -> None:
    assert evaluate(PREFIXES, str(CORPUS / name)) == []


ADVERSARIAL = {
    "null byte": "x = 1\0",
    "only a BOM": "\ufeff",
    "BOM and text": "\ufeffx = 1",
    "two BOMs": "\ufeff\ufeffx = 1",
    "deep parentheses": "(" * 5000,
    "deep list": "x = " + "[" * 300 + "]" * 300,
    "deep minus": "x = " + "-" * 30_000 + "1",
    "long sum": "x = " + "+".join(["1"] * 20_000),
    "long chain": "x = a" + ".b()" * 5000,
    "deep attributes": "x = a" + ".b" * 20_000,
    "nested functions": "".join(" " * n + f"def f{n}():\n" for n in range(99)) + " " * 99 + "pass",
    "elif ladder": "if x: pass\n" + "elif x: pass\n" * 3000,
    "very long line": "x = '" + "a" * 1_000_000 + "'",
    "lone surrogate": "x = '\ud800'",
    "lone surrogate in a name": "\ud800 = 1",
    "form feed": "\f\fx = 1\n\f",
    "vertical tab": "x = 1\v",
    "other line ends": "x = 1\u2028y = 2\x85",
    "carriage returns": "x = 1\ry = 2\r\n\rz = 3",
    "tabs and spaces": "if 1:\n\tx = 1\n        y = 2",
    "cookie of no codec": "# -*- coding: nonsense -*-\nx = 1",
    "cookie of another codec": "# -*- coding: utf-16 -*-\nx = 1",
    "return outside": "return 1",
    "late future": "x = 1\nfrom __future__ import annotations",
    "unknown future": "from __future__ import braces",
    "star alone": "*a = 1",
    "nonlocal outside": "nonlocal x",
    "many digits": "x = " + "9" * 5000,
    "empty": "",
    "spaces": "   \n\t\n  ",
    "unterminated string": "x = '''abc",
    "unfinished escape": "x = '\\N{no such name}'",
    "walrus in a class comprehension": "class C:\n    x = [y := 1 for _ in ()]",
    "await outside": "await x",
    "yield outside": "yield 1",
    "too many stars": "a, *b, *c = 1, 2",
}

PARSE_ADVERSARIAL = """
found = {}
for name, text in json.load(open(sys.argv[2], encoding="utf-8")).items():
    try:
        result = program.parse("/odd.py", text)
        if not isinstance(result, SyntaxProblem):
            registry = ProbeRegistry()
            tree = instrument.Instrumenter("/odd.py", result.lines, registry).module(result.tree)
            compile(tree, "/odd.py", "exec", dont_inherit=True)
    except BaseException as error:
        found[name] = f"{type(error).__name__}: {str(error)[:200]}"
print(json.dumps(found))
"""


def test_adversarial_texts_are_parsed_or_refused(tmp_path: Path) -> None:
    texts = tmp_path / "texts.json"
    texts.write_text(json.dumps(ADVERSARIAL), encoding="utf-8")
    assert evaluate(PARSE_ADVERSARIAL, str(texts)) == {}


STANDARD_LIBRARY = """
import pathlib, sysconfig, time
root = pathlib.Path(sysconfig.get_path("stdlib"))
paths = [p for p in root.rglob("*.py") if "site-packages" not in p.parts]
random.Random(sys.argv[2]).shuffle(paths)
failed, done = {}, 0
for path in paths:
    if done == 60:
        break
    try:
        text = path.read_bytes().decode("utf-8")
        compile(text, str(path), "exec", dont_inherit=True)
    except (UnicodeError, SyntaxError, ValueError):
        continue
    try:
        result = program.parse(str(path), text)
        registry = ProbeRegistry()
        tree = instrument.Instrumenter(str(path), result.lines, registry).module(result.tree)
        code = compile(tree, str(path), "exec", dont_inherit=True)
        separate = instrument.Instrumenter(str(path), result.lines, ProbeRegistry())
        for statement in program.parse(str(path), text).tree.body[:40]:
            body = separate.statement(statement)
            compile(ast.Module(body, []), str(path), "exec", dont_inherit=True)
        lines = result.lines.lines
        for probe in registry.probes:
            location = probe.location
            if location is not None:
                assert 0 <= location.line < len(lines), location
                assert 0 <= location.column <= len(lines[location.line]), location
                assert location.statement_line <= location.line <= location.statement_end, location
                if location.name.isidentifier() and location.name.isascii():
                    span = location.span
                    seen = lines[span.line][span.column:span.column + len(location.name)]
                    assert seen == location.name, (location, seen)
    except Exception as error:
        failed[str(path)] = f"{type(error).__name__}: {str(error)[:300]}"
    done += 1
print(json.dumps([done, failed]))
"""


def test_modules_of_the_standard_library_are_instrumented() -> None:
    """A fixed sample, since all of them take minutes."""
    done, failed = evaluate(STANDARD_LIBRARY, "sample 1")
    assert failed == {}
    assert done == 60
