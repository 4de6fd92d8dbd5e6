"""A question of a lesson: asked through `window/showMessageRequest`, judged, explained and proved.

An editor that cannot ask is told to use the code actions of the lesson's file instead.
"""

from __future__ import annotations

from lsprotocol import types

from tensorhints.course import pages, quiz
from tensorhints.course.format import QUIZ, Choice, Lesson, Step
from tensorhints.lsp.connection import Server
from tensorhints.lsp.notifications import ProofData, QuizAnswer
from tensorhints.present import lessons as words
from tensorhints.present.user_messages import sentence
from tensorhints.session.errors import RefusedError
from tensorhints.session.proofs import Proof


def question(server: Server, lesson: Lesson, step: Step) -> str:
    text = server.learner.text(lesson, step)
    return words.plain(text.body) or words.plain(text.title)


def choices(server: Server, lesson: Lesson, step: Step) -> list[tuple[Choice, str]]:
    """The answers with their words, in this learner's own order."""
    learner = server.learner
    text = learner.text(lesson, step)
    ordered = quiz.order(step.choices, learner.progress.seed, step)
    return [(choice, words.plain(text.choices[choice.id])) for choice in ordered]


async def ask(server: Server, lesson: Lesson, step: Step) -> None:
    """Ask until it is answered right or the user has enough; then offer the next question. What is
    offered next stands under the judgement: a message of its own would be drawn over by it.
    """
    learner, current = server.learner, step
    while True:
        learner.asked = (lesson.id, current.id)
        titles = {text: choice for choice, text in choices(server, lesson, current)}
        picked = await _request(server, question(server, lesson, current), list(titles))
        if picked not in titles:
            return
        answered = await answer(server, lesson, current, titles[picked].id)
        following = learner.current(lesson, QUIZ) if answered.correct else current
        if following is None or learner.is_solved(lesson, following):
            tell(server, answered)
            return
        locale = learner.locale
        go_on = words.next_question(locale) if answered.correct else words.try_again(locale)
        if await _request(server, _judgement(server, answered), [go_on]) != go_on:
            return
        current = following


async def answer(server: Server, lesson: Lesson, step: Step, choice: str) -> QuizAnswer:
    """Judge a choice. Raises `RefusedError` where there is no such one."""
    learner = server.learner
    judged = quiz.answer(step, learner.text(lesson, step), choice)
    if judged is None:
        raise RefusedError("unknown-choice", choice)
    progress = learner.progress
    await learner.keep(progress.answered, lesson.id, step.id, choice, judged.correct, lesson.digest)
    if judged.correct and learner.asked == (lesson.id, step.id):
        learner.asked = None
    server.lesson_changed(lesson)
    proof = None if judged.proof is None else await _prove(server, judged.proof)
    html = pages.html(judged.explanation, lesson.folder)
    return QuizAnswer(step.id, choice, judged.correct, judged.explanation, html, proof)


def tell(server: Server, answered: QuizAnswer) -> None:
    """The judgement as a message, for clients without a page."""
    server.show(_judgement(server, answered), types.MessageType.Info)


def _judgement(server: Server, answered: QuizAnswer) -> str:
    locale, proof = server.learner.locale, answered.proof
    proved = None
    if proof is not None:
        proved = words.proof(proof.code, proof.output, proof.error, locale)
    return words.judgement(answered.correct, answered.explanation, proved, locale)


async def _prove(server: Server, choice: Choice) -> ProofData:
    assert choice.run is not None
    try:
        proved = await server.session.prove(choice.run, choice.device or "cpu")
    except RefusedError as refused:
        error = sentence(refused.user_message, server.learner.locale)
        return ProofData(choice.run, None, error)
    return ProofData(choice.run, proved.output, _error(proved, server.learner.locale))


def _error(proved: Proof, locale: str) -> str | None:
    if proved.failure is not None:
        exception = proved.failure.exception.rpartition(".")[2]
        return f"{exception}: {proved.failure.message}" if proved.failure.message else exception
    return None if proved.user_message is None else sentence(proved.user_message, locale)


async def _request(server: Server, message: str, actions: list[str]) -> str | None:
    params = types.ShowMessageRequestParams(
        types.MessageType.Info, message, [types.MessageActionItem(title) for title in actions]
    )
    try:
        picked = await server.window_show_message_request_async(params)
    except Exception:
        server.show(words.pick_an_action(message, server.learner.locale), types.MessageType.Info)
        return None
    return None if picked is None else picked.title
