"""Questions: in which order a learner sees the answers, and whether one is right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from .format import Choice, Step, StepText


@dataclass(frozen=True)
class Answer:
    """`proof` is the choice whose `run` shows why, where it has one."""

    step: str
    choice: str
    correct: bool
    explanation: str
    proof: Choice | None = None


def order(choices: Iterable[Choice], seed: str, step: Step) -> tuple[Choice, ...]:
    """The answers, shuffled: always alike for one learner, and in no way that gives them away."""

    def location(choice: Choice) -> bytes:
        return hashlib.sha256(f"{seed}\0{step.id}\0{choice.id}".encode()).digest()

    return tuple(sorted(choices, key=location))


def answer(step: Step, text: StepText, choice_id: str) -> Answer | None:
    """`None` where the step has no such choice."""
    choice = step.choice(choice_id)
    if choice is None:
        return None
    explanation = text.explanations.get(choice.id, "")
    proof = choice if choice.run is not None else None
    return Answer(step.id, choice.id, choice.correct, explanation, proof)
