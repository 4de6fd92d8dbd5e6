"""A question of a lesson: asked by `window/showMessageRequest`, judged, explained and proved."""

from __future__ import annotations

import logging

from tensorhints.course import pages
from tensorhints.course.format import QUIZ, Choice, Lesson, Step
from tensorhints.lsp.client import Client
from tensorhints.lsp.notifications import ProofData, QuizAnswer
from tensorhints.present import lessons as words
from tensorhints.present.user_messages import sentence
from tensorhints.session.proofs import Proof
from tensorhints.study import quiz

from .context import LessonContext

logger = logging.getLogger(__name__)


async def ask(context: LessonContext, client: Client, lesson: Lesson, step: Step) -> None:
    """Ask until the answer is right or the user stops; then offer the next question.

    The offer is part of the judgement's message: some editors draw a second message over the first.
    """
    learner, current = context.learner, step
    while True:
        context.study.asked = (lesson.id, current.id)
        titles = {text: choice for choice, text in quiz.choices(learner, lesson, current)}
        question = quiz.question(learner, lesson, current)
        picked = await _pick(context, client, question, list(titles))
        if picked not in titles:
            return
        answered = await judge(context, lesson, current, titles[picked].id)
        following = learner.current_step(lesson, QUIZ) if answered.correct else current
        text = judgement_text(context, answered)
        if following is None or learner.is_solved(lesson, following):
            client.show_information(text)
            return
        locale = learner.locale
        proceed = words.next_question(locale) if answered.correct else words.try_again(locale)
        if await _pick(context, client, text, [proceed]) != proceed:
            return
        current = following


async def judge(context: LessonContext, lesson: Lesson, step: Step, choice: str) -> QuizAnswer:
    """Judge a choice and prove it. Raises `RefusedError` if there is no such choice."""
    judged = await quiz.judge(context.learner, lesson, step, choice)
    if judged.correct and context.study.asked == (lesson.id, step.id):
        context.study.asked = None
    context.notifier.lesson_changed(lesson)
    proof = None if judged.proof is None else await _prove(context, judged.proof)
    html = pages.html(judged.explanation, lesson.folder)
    return QuizAnswer(step.id, choice, judged.correct, judged.explanation, html, proof)


def judgement_text(context: LessonContext, answered: QuizAnswer) -> str:
    """Return the judgement as a message, for clients without a page."""
    locale, proof = context.learner.locale, answered.proof
    proved = None
    if proof is not None:
        proved = words.proof(proof.code, proof.output, proof.error, locale)
    return words.judgement(answered.correct, answered.explanation, proved, locale)


async def _prove(context: LessonContext, choice: Choice) -> ProofData:
    proof = await quiz.prove(context.session, choice)
    return ProofData(proof.code, proof.output, _error(proof, context.learner.locale))


def _error(proof: Proof, locale: str) -> str | None:
    if proof.failure is not None:
        exception = proof.failure.exception.rpartition(".")[2]
        return f"{exception}: {proof.failure.message}" if proof.failure.message else exception
    return None if proof.user_message is None else sentence(proof.user_message, locale)


async def _pick(
    context: LessonContext, client: Client, message: str, titles: list[str]
) -> str | None:
    try:
        return await client.ask(message, titles)
    except Exception:
        logger.debug("the client did not ask the user", exc_info=True)
        # The editor cannot ask: the code actions of the lesson's file have the choices.
        client.show_information(words.pick_an_action(message, context.learner.locale))
        return None
