"""An exit with a status is reported at the call that exited, with what the program printed."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.failures import Failure
from tensorhints.present.explain import explain

from .conftest import Received, RunText
from .editing import SLOW, Edits, line_resumed

pytestmark = pytest.mark.asyncio(loop_scope="session")


def failures(received: Received) -> list[Failure]:
    return [message.failure for message in received.of(messages.Failed)]


REQUIRED = "the following arguments are required: --dataset"

EXITS = {
    "argparse": (
        """
        import argparse
        p = argparse.ArgumentParser(prog="p")
        p.add_argument("--dataset", required=True)
        p.parse_args()
        """,
        (2, REQUIRED, ("usage: p [-h] --dataset DATASET", f"p: error: {REQUIRED}"), True),
        "p.parse_args()",
    ),
    "optparse": (
        """
        import optparse
        p = optparse.OptionParser(usage="how", prog="p")
        p.error("no such size")
        """,
        (2, "no such size", ("Usage: how", "p: error: no such size"), True),
        'p.error("no such size")',
    ),
    "a text": (
        """
        import sys
        print("looking", file=sys.stderr)
        sys.exit("no data:\\nrun download.sh")
        """,
        (1, "no data:\nrun download.sh", ("looking", "no data:", "run download.sh"), False),
        'sys.exit("no data:\\nrun download.sh")',
    ),
    "a number": ("raise SystemExit(3)\n", (3, "", (), False), "raise SystemExit(3)"),
    "exit in a function": (
        """
        def leave():
            exit(4)
        leave()
        """,
        (4, "", (), False),
        "exit(4)",
    ),
    "after a caught exception": (
        """
        import sys, traceback
        try:
            1 / 0
        except ZeroDivisionError as error:
            print("failed:", error, file=sys.stderr, end="")
            sys.exit(True)
        """,
        (1, "", ("failed: division by zero",), False),
        "sys.exit(True)",
    ),
    "a progress bar": (
        """
        import sys
        for n in range(500):
            sys.stderr.write(f"\\r{n}%")
        sys.stderr.write("\\n" * 3 + "stopped\\n")
        sys.exit(9)
        """,
        (9, "", ("499%", "stopped"), False),
        "sys.exit(9)",
    ),
    "much output": (
        """
        import sys
        for n in range(5000):
            print("line", n, file=sys.stderr)
        sys.exit(9)
        """,
        (9, "", tuple(f"line {n}" for n in range(4988, 5000)), False),
        "sys.exit(9)",
    ),
}


@pytest.mark.parametrize("name", EXITS)
async def test_an_exit_is_described_at_its_call(run_text: RunText, name: str) -> None:
    text, expected, at = EXITS[name]
    text = dedent(text)
    result, received = await run_text(text, output_limit=10_000)
    assert result.outcome is Outcome.FAILED
    assert result.exit_status == expected[0]
    (failure,) = failures(received)
    left = failure.exit
    assert left is not None
    assert (left.status, left.reason, left.printed, left.by_arguments) == expected
    line, column, _, end = failure.span.line, failure.span.column, 0, failure.span.end_column
    assert text.splitlines()[line][column:end] == at


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit\n",
        "import sys\nsys.exit(0)\n",
        "exit()\n",
        "import argparse\nargparse.ArgumentParser().parse_args(['-h'])\n",
    ],
)
async def test_an_exit_with_status_0_is_not_a_failure(run_text: RunText, text: str) -> None:
    result, received = await run_text(text)
    assert result.outcome is Outcome.FINISHED
    assert failures(received) == []


async def test_a_resumed_run_has_what_was_printed_above(edits: Edits) -> None:
    text = f"import sys\nprint('above', file=sys.stderr)\n{SLOW}sys.exit(2)\n"
    await edits.run(text)
    _, received = await edits.run(text.replace("exit(2)", "exit(5)"))
    assert line_resumed(received) is not None
    (failure,) = failures(received)
    assert failure.exit is not None
    assert (failure.exit.status, failure.exit.printed) == (5, ("above",))
    assert explain(failure, "pt-BR").headline == "código de saída 5: above"
