"""The probed expressions, the locations of their hints, and what instrumenting leaves unchanged."""

from __future__ import annotations

import ast
import textwrap

import pytest

from tensorhints.runner.instrument.instrument import Instrumenter
from tensorhints.runner.instrument.probe_registry import (
    ENTER,
    GATE,
    PROBE,
    PROBE_ITEM,
    PROBE_LOCAL,
    ProbeRegistry,
)
from tensorhints.runner.syntax.program import Program, parse


def program(source: str) -> Program:
    parsed = parse("example.py", textwrap.dedent(source).lstrip("\n"))
    assert isinstance(parsed, Program)
    return parsed


def drawn(source: str) -> str:
    """Mark every hint location in the source: `‹t›` for kind `target`, and so on."""
    parsed = program(source)
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    lines = list(parsed.lines.lines)
    locations = [probe.location for probe in registry.probes if probe.location is not None]
    for location in sorted(locations, key=lambda p: (p.line, p.column), reverse=True):
        line = lines[location.line]
        lines[location.line] = (
            f"{line[: location.column]}‹{location.kind[0]}›{line[location.column :]}"
        )
    return "\n".join(lines).rstrip("\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = f()", "x‹t› = f()"),
        ("x = y = f()", "x‹t› = y‹t› = f()"),
        ("a, (b, *c) = f()", "a‹t›, (b‹t›, *c‹t›) = f()"),
        ("self.w = f()", "self.w‹t› = f()"),
        ("a.b, d['k'] = f(), g()", "a.b‹t›, d['k']‹t› = f(), g()"),
        ("d['k'] = f()", "d['k']‹t› = f()"),
        ("d['k']: T = f()", "d['k']: T‹t› = f()"),
        ("_, x, _ = f()", "_‹t›, x‹t›, _‹t› = f()"),
        ("x += f()", "x‹t› += f()"),
        ("self.w += f()", "self.w‹t› += f()"),
        ("a[-1] += f()", "a[-1]‹t› += f()"),
        ("a[i] += b", "a[i]‹t› += b"),
        ("a[:, i, 1:] += b", "a[:, i, 1:]‹t› += b"),
        ("a[:, 0] += f()", "a[:, 0]‹t› += f()"),
        ("a[:, i] += f()", "a[:, i] += f()"),
        ("a[i] += f()", "a[i] += f()"),
        ("a[-i] += b", "a[-i] += b"),
        ("x: Tensor = f()", "x: Tensor‹t› = f()"),
        ("x: Tensor", "x: Tensor"),
        ("x = 3", "x = 3"),
        ("for i, t in f():\n    pass", "for i‹t›, t‹t› in f():\n    pass"),
        ("for a, (b, a) in f():\n    pass", "for a, (b‹t›, a‹t›) in f():\n    pass"),
        ("for d['k'], d in f():\n    pass", "for d['k'], d‹t› in f():\n    pass"),
        ("for d, d['k'] in f():\n    pass", "for d‹t›, d['k']‹t› in f():\n    pass"),
        ("with f() as (a, b):\n    pass", "with f() as (a‹t›, b‹t›):\n    pass"),
        ("while (n := f()):\n    pass", "while (n‹t› := f()):\n    pass"),
        ("def f(a, b: T = 1, *c): 0", "def f(a‹p›, b: T‹p› = 1, *c‹p›): 0"),
        ("def f(a, *, d, **e): 0", "def f(a‹p›, *, d‹p›, **e‹p›): 0"),
        ("class A:\n    def m(self, x): 0", "class A:\n    def m(self‹p›, x‹p›): 0"),
        ("h = lambda u, v=1: u", "h = lambda u‹p›, v‹p›=1: u"),
        ("z = [t for t in f() if t]", "z‹t› = [t for t‹c› in f() if t]"),
        ("z = [a for a, a in f()]", "z‹t› = [a for a, a‹c› in f()]"),
        ("z = {k: v for k, v in f()}", "z‹t› = {k: v for k‹c›, v‹c› in f()}"),
        ("def f():\n    return (a + b)", "def f():\n    return (a + b)‹r›"),
        ("x.unsqueeze_(0)", "x.unsqueeze_(0)‹e›"),
        ("y = (x\n     .view(2)\n     .t())", "y‹t› = (x‹c›\n     .view(2)‹c›\n     .t()‹c›)"),
        ("x.view(2).t()", "x.view(2).t()‹e›"),
        ("s = '😀𝔽'; x = f()", "s = '😀𝔽'; x‹t› = f()"),
        ("π𝔽 = f()", "π𝔽‹t› = f()"),
    ],
)  # fmt: skip
def test_every_binding_of_a_name_is_probed(source: str, expected: str) -> None:
    assert drawn(source) == expected


@pytest.mark.parametrize(
    ("source", "is_probed"),
    [
        ("for i in range(n): pass", False),
        ("for i in range(len(x) - 1): pass", False),
        ("for i in torch.range(n): pass", True),
        ("def range(n): pass\nfor i in range(n): pass", True),
        ("from m import *\nfor i in range(n): pass", True),
        ("from m import range\nfor i in range(n): pass", True),
        ("range = f\nfor i in range(n): pass", True),
        ("import builtins\nfor i in range(n): pass", True),
        ("def f(range):\n    for i in range(n): pass", True),
    ],
)
def test_the_integers_of_range_are_not_probed(source: str, is_probed: bool) -> None:
    assert ("i‹t›" in drawn(source)) == is_probed


def test_what_torch_tensor_copies_is_not_probed_beside_the_result() -> None:
    parsed = program("x = torch.tensor(numbers[:-1])\ny = f(numbers[:-1])\n")
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    assert {probe.span[:2] for probe in registry.probes} == {(1, 0), (2, 0), (2, 6)}


@pytest.mark.skipif(not hasattr(ast, "Match"), reason="`match` came with Python 3.10")
def test_names_captured_by_a_pattern_are_probed() -> None:
    source = "match v:\n    case (a, *b) as c:\n        pass"
    assert drawn(source) == "match v:\n    case (a‹t›, *b‹t›) as c‹t›:\n        pass"


def test_a_byte_order_mark_does_not_shift_the_first_line() -> None:
    parsed = parse("example.py", "\ufeffx = f()\n")
    assert isinstance(parsed, Program)
    registry = ProbeRegistry()
    Instrumenter("example.py", parsed.lines, registry).module(parsed.tree)
    (location,) = [probe.location for probe in registry.probes if probe.location is not None]
    assert (location.line, location.column) == (0, 2)  # the editor's text begins with the mark


def test_a_hint_depends_on_every_line_of_its_statement() -> None:
    parsed = program("x = f(\n    1,\n)\n")
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    (location,) = [probe.location for probe in registry.probes if probe.location is not None]
    assert (location.statement_line, location.statement_end) == (0, 2)


def test_a_straight_run_of_statements_shares_one_gate() -> None:
    parsed = program("def f(x):\n    a = x @ x\n    b = a + 1\n    return b\n")
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    assert len(registry.gates) == 1


def test_a_call_ends_a_straight_run_of_statements() -> None:
    parsed = program("def f(x):\n    a = x @ x\n    b = g(a)\n    c = b + 1\n")
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    assert len(registry.gates) == 2


def test_each_branch_of_a_conditional_expression_has_a_gate_of_its_own() -> None:
    parsed = program("x = a if i < 3 else f()\n")
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    gates = {probe.gate for probe in registry.probes}
    assert len(gates) >= 1
    assert [probe.location.name for probe in registry.probes if probe.location is not None] == ["x"]
    assert len(registry.gates) >= 3


def test_a_statement_that_can_yield_new_sizes_has_a_gate_of_its_own() -> None:
    parsed = program("a = f()\nb = a[i : i + 8]\nc = f()\n")
    registry = ProbeRegistry()
    Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    assert [gate.drives for gate in registry.gates] == [False, True, False]


@pytest.mark.parametrize(
    "source",
    [
        '"""doc"""\nfrom __future__ import annotations\nx = f()',
        "def f(x):\n    'doc'\n    y = g(x)\n    return y",
        "class A:\n    'doc'\n    x = f()",
    ],
)
def test_docstrings_and_future_imports_stay_first(source: str) -> None:
    parsed = program(source)
    tree = Instrumenter(parsed.path, parsed.lines, ProbeRegistry()).module(parsed.tree)
    compile(tree, "example.py", "exec", dont_inherit=True)

    def docstrings(root: ast.AST) -> list[str | None]:
        kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
        return [ast.get_docstring(node) for node in ast.walk(root) if isinstance(node, kinds)]

    assert docstrings(tree) == docstrings(ast.parse(parsed.source))


def test_the_original_tree_is_not_changed() -> None:
    parsed = program("x = [f(t) for t in g()]\nh = lambda u: u + f(1)\nd['k'] += x @ x\n")
    before = ast.dump(parsed.tree, include_attributes=True)
    Instrumenter(parsed.path, parsed.lines, ProbeRegistry()).module(parsed.tree)
    assert ast.dump(parsed.tree, include_attributes=True) == before


def test_a_class_body_does_not_look_up_internal_names_in_its_namespace() -> None:
    asked: list[str] = []

    class Recording(dict[str, object]):
        def __missing__(self, name: str) -> object:
            asked.append(name)
            raise KeyError(name)

    class Meta(type):
        @classmethod
        def __prepare__(mcs: type, *_: object) -> Recording:  # type: ignore[override]
            return Recording()

    parsed = program("class A(metaclass=Meta):\n    x = len('ab')\n    y = [k for k in range(3)]\n")
    registry = ProbeRegistry()
    tree = Instrumenter(parsed.path, parsed.lines, registry).module(parsed.tree)
    names: dict[str, object] = {f"{GATE}{number}": True for number in range(len(registry.gates))}
    names |= {ENTER: lambda gate: True, PROBE: lambda probe, value: value}
    names |= {PROBE_LOCAL: lambda probe, name: None, PROBE_ITEM: lambda probe, value: True}
    exec(compile(tree, "example.py", "exec", dont_inherit=True), {"Meta": Meta, **names})
    assert not [name for name in asked if name.startswith(".tensorhints")]
