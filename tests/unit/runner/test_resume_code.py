"""A suspended function is resumed with another text, and existing objects get its lines.

Without processes or torch: a checkpoint raises an exception that unwinds the function at once.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from textwrap import dedent
from types import CodeType
from typing import Any

import pytest

from tensorhints.runner.checkpoint.resume_code import ProgramCode, SuspendedFunction
from tensorhints.runner.checkpoint.resume_plan import ProgramPoint, ResumePlanner
from tensorhints.runner.instrument import probe_registry, resumable_functions
from tensorhints.runner.instrument.probe_registry import ProbeRegistry
from tensorhints.runner.syntax.program import Program, parse

PLANNER = ResumePlanner({})


class _Unwinds(BaseException):
    pass


class ResumableProgram:
    """Runs a text up to `point` and resumes there with another. `printed` is its output."""

    def __init__(self, text: str, point: ProgramPoint | None = None) -> None:
        self.printed: list[str] = []
        self.namespace: dict[str, Any] = {"__name__": "__main__", "print": self._print}
        self._registry = ProbeRegistry()
        self._code = ProgramCode(program(text), self._registry, splits=True)
        self._point = point
        self._suspended: SuspendedFunction | None = None
        self._values: dict[str, Any] = {}
        for index in range(len(self._code.steps)):
            if point == ProgramPoint(index):
                return
            try:
                self._run(self._code.compile_step(index))
            except _Unwinds:
                return

    def resume(self, text: str) -> bool:
        """Resume with `text`; return whether that is possible."""
        assert self._point is not None
        point, new = self._point, program(text)
        self._point = None
        plan = PLANNER.plan(self._code.program, point, new)
        prepared = plan and self._code.prepare_resume(point, plan, new, self._suspended)
        if not plan or not prepared:
            return False
        self._code.apply(prepared)
        for code in self._code.catch_up(prepared, self.namespace, self._values, self._suspended):
            self._run(code)
        first = plan.point.step + bool(plan.point.body_index)
        for index in range(first, len(self._code.steps)):
            self._run(self._code.compile_step(index))
        return True

    def locations(self) -> list[tuple[str, int, int]]:
        found = [probe.location for probe in self._registry.probes if probe.location is not None]
        return [(location.name, location.line, location.column) for location in found]

    def _print(self, *values: object) -> None:
        self.printed.append(" ".join(map(str, values)))

    def _checkpoint(self, body_index: int, holder: Any = None) -> None:
        if self._point is not None and self._point.body_index == body_index:
            frame = sys._getframe(1)
            held = dict(frame.f_locals)
            self._suspended = SuspendedFunction(
                frame.f_code, tuple(held), resumable_functions.cells_of(holder)
            )
            self._values = held
            raise _Unwinds

    def _run(self, code: CodeType | None) -> None:
        if code is not None:
            with StandIns(self._registry, self._checkpoint):
                exec(code, self.namespace)


class Keys:
    def __getitem__(self, key: object) -> tuple[object]:
        return (key,)


class StandIns:
    """Stand-ins in `builtins` for the probes: they only pass values on."""

    def __init__(self, registry: ProbeRegistry, checkpoint: Any) -> None:
        self._names: dict[str, Any] = {
            probe_registry.PROBE: lambda probe, value: value,
            probe_registry.PROBE_NUMBER: lambda probe, value: value,
            probe_registry.PROBE_ITEM: lambda probe, value: True,
            probe_registry.PROBE_PARTS: lambda table, value: value,
            probe_registry.PROBE_PART_NUMBERS: lambda table, value: value,
            probe_registry.PROBE_LOCAL: lambda probe, name: None,
            probe_registry.PROBE_FIELD: lambda *anything: None,
            probe_registry.PROBE_PART: lambda *anything: None,
            probe_registry.KEYS: Keys(),
            probe_registry.ENTER: lambda gate: True,
            resumable_functions.CHECKPOINT: checkpoint,
        }
        for gate in range(len(registry.gates)):
            self._names[f"{probe_registry.GATE}{gate}"] = True
            self._names[f"{probe_registry.NARROW}{gate}"] = False
            self._names[f"{probe_registry.STEADY}{gate}"] = False

    def __enter__(self) -> None:
        vars(builtins).update(self._names)

    def __exit__(self, *anything: object) -> None:
        for name in self._names:
            vars(builtins).pop(name, None)


def program(text: str) -> Program:
    parsed = parse("/program.py", text)
    assert isinstance(parsed, Program)
    return parsed


def points_of(text: str) -> Iterator[ProgramPoint]:
    """Every point of a text; its last step but one calls `main`."""
    count = len(program(text).tree.body)
    yield from (ProgramPoint(index) for index in range(1, count))
    body = next(s for s in program(text).tree.body if getattr(s, "name", "") == "main").body  # type: ignore[attr-defined]
    yield from (ProgramPoint(count - 2, body_index) for body_index in range(1, len(body)))


TEXTS = {
    "variables of every kind": """\
        start = 3
        def main(a, b=2, *c, d, e=5, **f):
            x, (y, *z) = a, (b, 1, 2)
            del b
            for i in range(3):
                x += i
            print(x, y, z, i, sorted(locals()))
            try:
                b
            except UnboundLocalError:
                b = 7
            print(list(locals().items()))
        main(start, d=4, g=6)
        print("end", a if "a" in globals() else None)
        """,
    "shared variables": """\
        def outer(f):
            return f()
        def main():
            total = 0
            def add(n):
                nonlocal total
                total += n
                return later if n > 2 else total
            add(1)
            total += 10
            twice = [lambda: total * k for k in range(2)]
            print(add(1), outer(lambda: total), twice[1]())
            later = 5
            print(add(3), add.__qualname__, (lambda: add).__qualname__)
        main()
        print("end")
        """,
    "classes and generators": """\
        class Box:
            size = 3
            def get(self):
                return [self.size for _ in range(2)]
        def main():
            class Inner(Box):
                def get(self):
                    return super().get() + [__class__.__qualname__]
            box = Inner()
            numbers = (n * box.size for n in range(9))
            print(next(numbers), box.get())
            box.size = 4
            print(next(numbers), box.get())
        main()
        print("end")
        """,
    "globals and a docstring": '''\
        import math
        count = 0
        def main():
            """Counts."""
            global count
            count += 1
            import sys
            count += 1
            print(count, sys is not None, sys._getframe().f_lineno, main.__doc__)
            with open("/dev/null") as null:
                count += 1
            print(count, null.closed, sys._getframe().f_code.co_name)
        main()
        print("end", count)
        ''',
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("comment", ["", "# why\n\n"])
def test_the_rest_from_every_point_has_the_same_result(name: str, comment: str) -> None:
    text = dedent(TEXTS[name])
    whole = ResumableProgram(comment + text)
    resumed = 0
    for point in points_of(text):
        resumable = ResumableProgram(text, point)
        if resumable.resume(comment + text):
            resumed += 1
            assert resumable.printed == whole.printed
            assert set(resumable.locations()) >= set(whole.locations())
    assert resumed > 3


def test_a_changed_rest_replaces_the_old_one() -> None:
    text = dedent(TEXTS["shared variables"])
    changed = text.replace("total += 10", "total += 20").replace("later = 5", "later = total")
    whole = ResumableProgram(changed)
    resumable = ResumableProgram(text, ProgramPoint(2, 3))
    assert resumable.resume(changed)
    assert resumable.printed == whole.printed


def test_existing_functions_get_the_lines_of_the_new_text() -> None:
    text = "def f():\n    def g():\n        return 1\n    return g\ng = f()\nprint(1)\n"
    resumable = ResumableProgram(text, ProgramPoint(2))
    assert resumable.resume("\n" + text.replace("        return 1", "\n        return 1"))
    assert resumable.namespace["f"].__code__.co_firstlineno == 2
    assert resumable.namespace["g"].__code__.co_firstlineno == 3
    assert [line for _, _, line in resumable.namespace["g"].__code__.co_lines()][-1] == 5


@pytest.mark.skipif(sys.version_info < (3, 13), reason="classes have no line numbers")
def test_existing_classes_get_the_lines_of_the_new_text() -> None:
    text = "class A:\n    class B:\n        pass\nprint(1)\n"
    resumable = ResumableProgram(text, ProgramPoint(1))
    assert resumable.resume("\n" + text.replace("    class B", "\n    class B"))
    made = resumable.namespace["A"]
    assert (made.__firstlineno__, made.B.__firstlineno__) == (2, 4)


def test_a_suspended_generator_in_moved_code_prevents_resuming() -> None:
    text = "def f():\n    yield 1\n    yield 2\ng = f()\nx = next(g)\nprint(1)\n"
    assert ResumableProgram(text, ProgramPoint(3)).resume(text)
    assert not ResumableProgram(text, ProgramPoint(3)).resume("\n" + text)


def test_a_reference_to_moved_code_prevents_resuming() -> None:
    text = "def f():\n    return 1\nheld = getattr(f, '__co' + 'de__')\nprint(1)\n"
    assert ResumableProgram(text, ProgramPoint(2)).resume(text)
    assert not ResumableProgram(text, ProgramPoint(2)).resume("\n" + text)
