"""Proves an answer of a quiz: the expression it speaks of is run, and what happens is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.failures import Failure
from tensorhints.model.messages import Failed, FromRun
from tensorhints.model.user_messages import UserMessage

# The name that its traceback would have; no such file is ever made.
PATH = "quiz.py"
SECONDS = 20.0
OUTPUT_LIMIT = 4096
# A quiz speaks of what torch does, not of luck: the same numbers each time.
_PROGRAM = "import torch\n\ntorch.manual_seed(0)\nprint((\n    {code}\n))\n"


@dataclass(frozen=True)
class Proof:
    """What running `code` gave: its `output`, or how it failed, or why it could not be run."""

    code: str
    output: str | None
    failure: Failure | None = None
    user_message: UserMessage | None = None


def program_text(code: str) -> str:
    return _PROGRAM.format(code=code)


@dataclass
class ProofListener:
    """Satisfies the engine's `RunListener`."""

    output: list[str] = field(default_factory=list)
    failure: Failure | None = None

    def on_message(self, message: FromRun) -> None:
        if isinstance(message, Failed):
            self.failure = message.failure

    def on_output(self, stream: str, text: str) -> None:
        if stream == "stdout":
            self.output.append(text)

    def proof(self, code: str, result: RunResult) -> Proof:
        failure = result.failure or self.failure
        if failure is not None:
            return Proof(code, None, failure=failure)
        if result.outcome is not Outcome.FINISHED:
            return Proof(code, None, user_message=result.user_message or UserMessage("stopped"))
        return Proof(code, "".join(self.output).rstrip("\n"))
