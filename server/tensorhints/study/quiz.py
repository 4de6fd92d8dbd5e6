"""Questions: their words, the order of their answers, and the judgement of a choice."""

from __future__ import annotations

from tensorhints.course import quiz
from tensorhints.course.format import Choice, Lesson, Step
from tensorhints.present import lessons as words
from tensorhints.session.errors import RefusedError
from tensorhints.session.proofs import Proof
from tensorhints.session.session import Session

from .learner import Learner


def question(learner: Learner, lesson: Lesson, step: Step) -> str:
    """Return the question as plain text."""
    text = learner.text(lesson, step)
    return words.plain(text.body) or words.plain(text.title)


def choices(learner: Learner, lesson: Lesson, step: Step) -> list[tuple[Choice, str]]:
    """Return the choices with their plain texts, in this learner's order."""
    text = learner.text(lesson, step)
    ordered = quiz.order(step.choices, learner.progress.seed, step)
    return [(choice, words.plain(text.choices[choice.id])) for choice in ordered]


async def judge(learner: Learner, lesson: Lesson, step: Step, choice: str) -> quiz.Answer:
    """Judge a choice and store the answer. Raises `RefusedError` if there is no such choice."""
    judged = quiz.answer(step, learner.text(lesson, step), choice)
    if judged is None:
        raise RefusedError("unknown-choice", choice)
    write = learner.progress.answered
    await learner.record(write, lesson.id, step.id, choice, judged.correct, lesson.digest)
    return judged


async def prove(session: Session, choice: Choice) -> Proof:
    """Run the expression of a choice that has one."""
    assert choice.run is not None
    try:
        return await session.prove(choice.run, choice.device or "cpu")
    except RefusedError as refused:
        return Proof(choice.run, None, user_message=refused.user_message)
