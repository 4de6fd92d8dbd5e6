"""The titles and sentences around a lesson: its lenses, actions, questions, hints and verdicts.

The words of a lesson itself come with it; they are Markdown, and plain here. Numbers count from 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from .markdown import without_marks
from .text import printable
from .words import say

_LONGEST_ACTION = 80


def plain(markdown: str) -> str:
    """Markdown as one who reads plain text would write it, in one line."""
    return " ".join(without_marks(markdown).split())


# ---- over a lesson's file


def lesson_lens(number: int, title: str, locale: str) -> str:
    return say("lens.lesson", locale, number=number, title=plain(title))


def quiz_lens(solved: int, count: int, locale: str) -> str:
    """`Quiz`, then `Quiz 1/3`, then `✓ Quiz`."""
    if solved == 0:
        return say("lens.quiz", locale)
    code = "lens.quiz.done" if solved == count else "lens.quiz.begun"
    return say(code, locale, solved=solved, count=count)


def hint_lens(locale: str) -> str:
    return say("lens.hint", locale)


def solution_lens(locale: str) -> str:
    return say("lens.solution", locale)


def next_lens(locale: str) -> str:
    return say("lens.next", locale)


def verdict_lens(verdict: str, number: int, message: str, locale: str) -> str:
    """`✓ Step 1`, `✗ Step 2: output has shape (5,), expected (1, 5)`, `○ not started`."""
    return say(f"lens.step.{verdict}", locale, number=number, message=printable(plain(message)))


def changed_lens(number: int, locale: str) -> str:
    """Over a step whose lines are others than those that were judged."""
    return say("lens.step.changed", locale, number=number)


# ---- code actions


def open_action(locale: str) -> str:
    return say("action.lessons", locale)


def page_action(locale: str) -> str:
    return say("action.lesson", locale)


def browser_action(locale: str) -> str:
    return say("action.browser", locale)


def quiz_action(title: str, locale: str) -> str:
    return say("action.quiz", locale, title=plain(title))


def answer_action(choice: str, locale: str) -> str:
    return _shortened(say("action.answer", locale, choice=plain(choice)))


def check_action(number: int, title: str, locale: str) -> str:
    return say("action.check", locale, number=number, title=plain(title))


def hint_action(number: int, title: str, locale: str) -> str:
    return say("action.hint", locale, number=number, title=plain(title))


def solution_action(number: int, title: str, locale: str) -> str:
    return say("action.solution", locale, number=number, title=plain(title))


def reset_action(locale: str) -> str:
    return say("action.reset", locale)


def next_action(title: str, locale: str) -> str:
    return say("action.next", locale, title=plain(title))


def language_action(language: str) -> str:
    """Said in the language that it offers."""
    return say("action.language", language)


# ---- what is told or asked


def which_lesson(locale: str) -> str:
    return say("lesson.which", locale)


def lesson_item(number: int, title: str, locale: str, *, is_done: bool) -> str:
    if is_done:
        return say("lesson.title.done", locale, number=number, title=plain(title))
    return say("lesson.title", locale, number=number, title=plain(title))


def open_yourself(path: str, locale: str) -> str:
    return say("lesson.open-yourself", locale, path=path)


def page_yourself(path: str, locale: str) -> str:
    return say("lesson.page-yourself", locale, path=path)


def address_yourself(address: str, locale: str) -> str:
    return say("page.address", locale, address=address)


def judgement(correct: bool, explanation: str, proof: str | None, locale: str) -> str:
    """Whether an answer is right, why, and what running it gave."""
    verdict = say("quiz.right" if correct else "quiz.wrong", locale)
    return " ".join(part for part in (verdict, plain(explanation), proof) if part)


def proof(code: str, output: str | None, error: str | None, locale: str) -> str:
    if error is not None:
        return say("quiz.proof-error", locale, source=code, error=" ".join(error.split()))
    shown = (output or "").strip()
    # Rows begin below one another.
    before = "\n" if "\n" in shown else ""
    return say("quiz.proof", locale, source=code, output=before + shown)


def try_again(locale: str) -> str:
    return say("quiz.try-again", locale)


def next_question(locale: str) -> str:
    return say("quiz.next", locale)


def pick_an_action(question: str, locale: str) -> str:
    """For an editor that cannot ask by itself."""
    return say("quiz.pick-an-action", locale, question=plain(question))


def hint_told(number: int, count: int, hint: str, *, is_new: bool, locale: str) -> str:
    code = "hint.shown" if is_new else "hint.all-shown"
    return say(code, locale, number=number, count=count, hint=plain(hint))


def solution_shown(number: int, locale: str) -> str:
    return say("solution.shown", locale, number=number)


def solution_told(number: int, code: Sequence[str], locale: str) -> str:
    """For an editor that lets nobody edit its texts."""
    return say("solution.told", locale, number=number, source="\n".join(code))


def reset_done(backup: str, locale: str) -> str:
    return say("reset.done", locale, path=backup)


def verdict_told(verdict: str, number: int, message: str, locale: str) -> str:
    return verdict_lens(verdict, number, message, locale)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ACTION else text[: _LONGEST_ACTION - 1].rstrip() + "…"
