"""Checkpoints inside `main()`, which is resumed with its new text."""

from __future__ import annotations

from textwrap import dedent

import pytest

from .conftest import Runner
from .resuming import ComparedEdits
from .test_checkpoint_positions import resume_line

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEGIN = "import sys\nimport torch\n"


async def assert_resumes(runner: Runner, *bodies: str, call: str = "main()") -> None:
    """Assert that each text resumes at its marked line.

    `bodies` follow `def main…:`, or are the whole definition.
    """
    texts = []
    for body in bodies:
        body = dedent(body)
        if "def main" not in body:
            body = "def main():\n" + "".join(f"    {line}\n" for line in body.splitlines())
        texts.append(f'{BEGIN}{body}if __name__ == "__main__":\n    {call}\n    print("end")\n')
    compared = await ComparedEdits(runner).run_all(texts)
    for text, one in list(zip(texts, compared))[1:]:
        assert one.resumed_at == resume_line(text)


async def test_the_rest_of_main_has_the_local_variables_bound_before(runner: Runner) -> None:
    before = """\
        x = torch.ones(3)
        y, gone = x * 2, 1
        del gone
        for i in range(3): y = y + i
        import eager
        print(y)  # <-
        z = x + y
        print(sorted(locals()), list(locals()))
        gone
        """
    await assert_resumes(runner, before, before.replace("print(y)", "print(x, y)"))


async def test_closure_variables_stay_shared(runner: Runner) -> None:
    before = """\
        total = torch.zeros(2)
        def add(v):
            nonlocal total
            total = total + v
        read = lambda: total
        add(1)
        import eager
        print(total)  # <-
        add(1)
        total = total * 2
        print(total, read() is total, add, read, later)
        later = 3
        """
    await assert_resumes(
        runner,
        before,
        before.replace("print(total)", "print(-total)"),
        before.replace("print(total)", "print((lambda: later)())"),
        "\n" + before.replace("print(total)", "print(total, 1)"),
    )


async def test_parameters_of_every_kind_are_restored(runner: Runner) -> None:
    before = """\
        def main(a, b=2, /, c=3, *rest, d, e=5, **more):
            a = torch.ones(a)
            del c
            import eager
            print(a)  # <-
            hold = lambda: (b, more)
            print(a, b, rest, d, e, more, hold())
            print(c)
        """
    await assert_resumes(
        runner,
        before,
        before.replace("print(a)  #", "print(-a)  #"),
        call="main(3, 4, 5, 6, d=7, f=8)",
    )


async def test_a_traceback_through_main_is_that_of_a_run_from_the_start(runner: Runner) -> None:
    before = """\
        x = torch.ones(3)
        import eager
        print(x)  # <-
        x @ torch.ones(4, 4)
        """
    await assert_resumes(
        runner,
        before,
        before.replace("print(x)", "print(-x)"),
        "\n\n" + before.replace("print(x)", "print(+x)"),
    )


async def test_the_stack_is_that_of_a_run_from_the_start(runner: Runner) -> None:
    before = """\
        x = torch.ones(3)
        import eager
        print(x)  # <-
        frame = sys._getframe()
        print(frame.f_code.co_name, frame.f_lineno, frame.f_back.f_code.co_name)
        print(frame.f_back.f_lineno, frame.f_globals is globals(), frame.f_code.co_firstlineno)
        def inner(): pass
        print(inner.__qualname__, (lambda: 0).__qualname__, sys.exc_info())
        """
    await assert_resumes(runner, before, before.replace("print(x)", "print(-x)"))


async def test_objects_of_main_are_destroyed_at_the_same_time(runner: Runner) -> None:
    before = """\
        class Loud:
            def __init__(self, name): self.name = name
            def __del__(self): print("gone", self.name)
        a, b, c = Loud("a"), Loud("b"), Loud("c")
        a = None
        import eager
        print("here")  # <-
        b = None
        print("end of main", sys.getrefcount(c))
        """
    await assert_resumes(runner, before, before.replace('"here"', '"there"'))


async def test_an_edit_below_an_edit_resumes_further_down(runner: Runner) -> None:
    first = dedent("""\
        import eager
        a = torch.rand(3)
        b = a + 1
        print(b)
        c = b + 1
        print(c)
        """)
    second = first.replace("b = a + 1", "b = a + 2  # <-")
    third = first.replace("a + 1", "a + 2").replace("c = b + 1", "c = b + 2  # <-")
    fourth = "\n" + third.replace("c = b + 2  # <-", "c = b + 2\nd = c.sum()  # <-")
    await assert_resumes(runner, first, second, third, fourth)


async def test_an_edit_below_the_call_resumes_after_it(runner: Runner) -> None:
    body = "def main():\n    x = torch.rand(2)\n    return x\nmain()\n"
    text = BEGIN + "import eager\n" + body
    compared = await ComparedEdits(runner).run_all([text + "print(1)\n", text + "print(2)\n"])
    assert compared[1].resumed_at == 7


async def test_the_value_that_main_returns_has_its_hint(runner: Runner) -> None:
    before = """\
        x = torch.ones(3)
        import eager
        y = x + 1  # <-
        return y
        """
    await assert_resumes(runner, before, before.replace("x + 1", "torch.ones(2, 2)"))


async def test_a_function_that_main_has_not_called_yet_may_change(runner: Runner) -> None:
    before = "def use(x):\n    return x * 2\n" + dedent("""\
        def main():
            x = torch.ones(3)
            print(x)
            import eager
            return use(x)  # <-
        """)
    texts = [before, before.replace("x * 2", "x * 3"), "\n" + before.replace("x * 2", "x @ x")]
    await assert_resumes(runner, *texts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("y = 2", "y = 2\n    yield y"),
        ("y = 2", "y = x = 2"),
        ("print(y)", "print(y, later())"),
        ("y = 2", "global y\n    y = 2"),
    ],
)
async def test_an_edit_of_code_that_has_run_starts_from_the_top(
    runner: Runner, before: str, after: str
) -> None:
    text = BEGIN + dedent("""\
        import eager
        x = 1
        def later():
            return x
        def main():
            print(x)
            y = 2
            print(y)
        main()
        """)
    compared = await ComparedEdits(runner).run_all([text, text.replace(before, after)])
    assert compared[1].resumed_at is not None


async def test_other_calls_of_main_are_not_suspended(runner: Runner) -> None:
    """A resumable function is also called within larger expressions, and by itself."""
    text = BEGIN + dedent("""\
        import eager
        def use(x=torch.ones(2)):
            y = x + 1
            return y
        use()
        for _ in range(2): use()
        y = use()
        use(use(y))
        use(*map(use, [y]))
        print(use(use(y)), 1)
        """)
    compared = await ComparedEdits(runner).run_all([text, text.replace("1)\n", "2)\n")])
    assert compared[1].resumed_at is not None
