"""Runs the expression that proves or refutes a quiz answer, and keeps its output or failure."""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.failures import Failure
from tensorhints.model.messages import Failed, FromRun
from tensorhints.model.user_messages import UserMessage

# The file name in tracebacks. The file is never created.
PATH = "quiz.py"
SECONDS = 20.0
OUTPUT_LIMIT = 4096
# Seeded, so that the proof prints the same numbers each time.
_PROGRAM = "import torch\n\ntorch.manual_seed(0)\nprint((\n    {code}\n))\n"


@dataclass(frozen=True)
class Proof:
    """The result of running `code`: its `output`, its failure, or why it could not run.

    `output` is None unless the run finished.
    """

    code: str
    output: str | None
    failure: Failure | None = None
    user_message: UserMessage | None = None


def program_text(code: str) -> str:
    """Return a program that prints the value of the expression `code`."""
    return _PROGRAM.format(code=code)


@dataclass
class ProofListener:
    """Collects the output and failure of one run. Satisfies the engine's `RunListener`."""

    output: list[str] = field(default_factory=list)
    failure: Failure | None = None

    def on_message(self, message: FromRun) -> None:
        """Keep the failure."""
        if isinstance(message, Failed):
            self.failure = message.failure

    def on_output(self, stream: str, text: str) -> None:
        """Keep what was printed to standard output."""
        if stream == "stdout":
            self.output.append(text)

    def proof(self, code: str, result: RunResult) -> Proof:
        """Return the proof once the run has ended with `result`."""
        failure = result.failure or self.failure
        if failure is not None:
            return Proof(code, None, failure=failure)
        if result.outcome is not Outcome.FINISHED:
            return Proof(code, None, user_message=result.user_message or UserMessage("stopped"))
        return Proof(code, "".join(self.output).rstrip("\n"))
