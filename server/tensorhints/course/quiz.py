"""Quizzes: the order in which a learner sees the choices, and whether one is correct."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from .format import Choice, Step, StepText


@dataclass(frozen=True)
class Answer:
    """The result of a choice. `proof` is the choice itself if it has an expression to run."""

    step: str
    choice: str
    correct: bool
    explanation: str
    proof: Choice | None = None


def order(choices: Iterable[Choice], seed: str, step: Step) -> tuple[Choice, ...]:
    """Return the choices shuffled, always in the same order for one learner."""

    def rank(choice: Choice) -> bytes:
        return hashlib.sha256(f"{seed}\0{step.id}\0{choice.id}".encode()).digest()

    return tuple(sorted(choices, key=rank))


def answer(step: Step, text: StepText, choice_id: str) -> Answer | None:
    """Return the result of choosing `choice_id`, or None if the step has no such choice."""
    choice = step.choice(choice_id)
    if choice is None:
        return None
    explanation = text.explanations.get(choice.id, "")
    proof = choice if choice.run is not None else None
    return Answer(step.id, choice.id, choice.correct, explanation, proof)
