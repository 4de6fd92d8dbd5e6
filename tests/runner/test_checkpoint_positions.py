"""Lines are inserted above code that has run: its objects get the positions of the new text."""

from __future__ import annotations

from textwrap import dedent

import pytest

import unsaved

from .conftest import Runner
from .resuming import ComparedEdits

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEGIN = "import torch\n"


def resume_line(text: str) -> int | None:
    """The marked line, where a run should resume: checkpoints are made from there on."""
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines) if "# <-" in line), None)


async def assert_resumes(runner: Runner, *texts: str) -> None:
    edits = ComparedEdits(runner)
    compared = await edits.run_all([BEGIN + text for text in texts])
    for text, one in list(zip(texts, compared))[1:]:
        assert one.resumed_at == resume_line(BEGIN + text)


async def test_a_traceback_has_the_new_lines_of_a_function(runner: Runner) -> None:
    before = dedent("""\
        def divide(x):
            return x / (x - 1)
        x = torch.ones(3)
        import eager
        print(x)  # <-
        divide(1)
        """)
    await assert_resumes(
        runner,
        before,
        before.replace("def divide", "# It fails.\ndef divide").replace("print(x)", "print(x, 1)"),
        before.replace("    return x", "    # It fails.\n\n\n    return x").replace(
            "(x)  #", "(1)  #"
        ),
    )


async def test_inspect_finds_source_at_its_new_lines(runner: Runner) -> None:
    before = dedent("""\
        class Layer:
            def __init__(self):
                self.scale = lambda v: v * 2

            @property
            def size(self):
                return [n for n in range(3)]
        layer = Layer()
        import eager
        print(layer.size)  # <-
        import inspect
        print(inspect.getsource(Layer), inspect.getsource(Layer.__init__))
        print(inspect.getsource(layer.scale), Layer.size.fget.__code__.co_firstlineno)
        """)
    await assert_resumes(
        runner,
        before,
        before.replace("    def __init__", "    # Twice.\n\n    def __init__").replace(
            "print(layer.size)", "print(layer.size, 0)"
        ),
    )


async def test_nested_functions_get_new_lines(runner: Runner) -> None:
    before = dedent("""\
        def adder(x):
            def add(y):
                def inner():
                    return x + y + (lambda: z)()
                z = torch.ones(2)
                return inner()
            return add
        add = adder(torch.ones(2))
        ready = add(1)
        import eager
        print(ready)  # <-
        add("no")
        """)
    moved = before.replace("        def inner", "        # Why.\n\n        def inner")
    await assert_resumes(
        runner, before, moved.replace("print(ready)", "print(ready, 1)"), "\n\n" + moved
    )


async def test_hints_of_code_that_has_run_move_with_the_text(runner: Runner) -> None:
    before = dedent("""\
        def scale(x):
            y = x * 2
            return y
        for i in range(3):
            a = scale(torch.ones(i))
        b = [scale(torch.ones(i)) for i in range(2)]
        c = a.t() if len(b) > 5 else (torch.rand(3)
            .reshape(1, 3)
            .sum(0))
        import eager
        print(b[0])  # <-
        d = scale(c)
        """)
    await assert_resumes(
        runner,
        before,
        "# One.\n" + before.replace("print(b[0])", "print(b[1])"),
        before.replace("    y = x", "    # Two.\n    y = x").replace("print(b[0])", "print(b[:])"),
    )


async def test_a_suspended_generator_in_moved_code_prevents_resuming(runner: Runner) -> None:
    before = dedent("""\
        import eager
        def count():
            yield 1
            yield torch.ones(2)
            yield 1 / 0
        numbers = count()
        print(next(numbers))
        print(next(numbers))
        print(next(numbers))
        """)
    edits = ComparedEdits(runner)
    first, moved = await edits.run_all([BEGIN + before, "\n" + BEGIN + before])
    assert first.resumed_at is None
    assert moved.resumed_at is not None
    assert moved.resumed_at <= 8


async def test_code_that_reads_line_numbers_prevents_resuming_when_they_change(
    runner: Runner,
) -> None:
    before = dedent("""\
        import eager, warnings
        def warn():
            warnings.warn("careful")
        warn()
        x = torch.ones(3)
        warn()
        """)
    edits = ComparedEdits(runner)
    text = BEGIN + before
    compared = await edits.run_all([text, text + "y = 1\n", "\n" + text + "y = 1\n"])
    assert compared[1].resumed_at == 7
    assert compared[2].resumed_at is None or compared[2].resumed_at <= 5


async def test_a_program_that_imports_itself_is_not_resumed_with_other_code(runner: Runner) -> None:
    before = dedent("""\
        import eager
        if __name__ == "__main__":
            import program
        x = 1
        print(__name__, x)
        """)
    text = BEGIN + before
    edits = ComparedEdits(runner)
    (runner.folder / "program.py").write_text(text)
    roots = (str(runner.folder),)
    changed = text.replace("print(__name__, x)", "print(__name__, x + 1)")
    path = str(runner.folder / "program.py")
    await edits.run_all([text], roots=roots, **unsaved.fields({path: text}))
    (one,) = await edits.run_all([changed], roots=roots, **unsaved.fields({path: changed}))
    assert one.resumed_at is None or one.resumed_at <= 4
