"""The titles and sentences around a lesson: lenses, actions, questions, hints and verdicts.

The lesson provides its own texts as Markdown, which becomes plain text here. Numbers count from 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from .markdown import without_marks
from .text import printable
from .words import translate

_LONGEST_ACTION = 80


def plain(markdown: str) -> str:
    """Return Markdown as plain text on one line."""
    return " ".join(without_marks(markdown).split())


# ---- code lenses of a lesson's file


def lesson_lens(number: int, title: str, locale: str) -> str:
    """Return the title of the lens that opens the lesson's page."""
    return translate("lens.lesson", locale, number=number, title=plain(title))


def quiz_lens(solved: int, count: int, locale: str) -> str:
    """Return `Quiz`, then `Quiz 1/3`, then `✓ Quiz`."""
    if solved == 0:
        return translate("lens.quiz", locale)
    code = "lens.quiz.done" if solved == count else "lens.quiz.begun"
    return translate(code, locale, solved=solved, count=count)


def hint_lens(locale: str) -> str:
    """Return the title of the lens that shows the next hint."""
    return translate("lens.hint", locale)


def solution_lens(locale: str) -> str:
    """Return the title of the lens that shows the solution."""
    return translate("lens.solution", locale)


def next_lens(locale: str) -> str:
    """Return the title of the lens that opens the next lesson."""
    return translate("lens.next", locale)


def verdict_lens(verdict: str, number: int, message: str, locale: str) -> str:
    """Return `✓ Step 1`, `✗ Step 2: output has shape (5,), expected (1, 5)` or the like."""
    return translate(
        f"lens.step.{verdict}", locale, number=number, message=printable(plain(message))
    )


def changed_lens(number: int, locale: str) -> str:
    """Return the lens of a step whose lines have changed since it was judged."""
    return translate("lens.step.changed", locale, number=number)


# ---- code actions


def open_action(locale: str) -> str:
    """Return the title of the action that lists the lessons."""
    return translate("action.lessons", locale)


def page_action(locale: str) -> str:
    """Return the title of the action that opens the lesson's page."""
    return translate("action.lesson", locale)


def browser_action(locale: str) -> str:
    """Return the title of the action that opens the page in a browser."""
    return translate("action.browser", locale)


def quiz_action(title: str, locale: str) -> str:
    """Return the title of the action that asks a question."""
    return translate("action.quiz", locale, title=plain(title))


def answer_action(choice: str, locale: str) -> str:
    """Return the title of the action that gives an answer."""
    return _shortened(translate("action.answer", locale, choice=plain(choice)))


def check_action(number: int, title: str, locale: str) -> str:
    """Return the title of the action that checks a step."""
    return translate("action.check", locale, number=number, title=plain(title))


def hint_action(number: int, title: str, locale: str) -> str:
    """Return the title of the action that shows a hint."""
    return translate("action.hint", locale, number=number, title=plain(title))


def solution_action(number: int, title: str, locale: str) -> str:
    """Return the title of the action that shows a solution."""
    return translate("action.solution", locale, number=number, title=plain(title))


def reset_action(locale: str) -> str:
    """Return the title of the action that restarts the lesson."""
    return translate("action.reset", locale)


def next_action(title: str, locale: str) -> str:
    """Return the title of the action that opens the next lesson."""
    return translate("action.next", locale, title=plain(title))


def language_action(language: str) -> str:
    """Return the title of the action that switches to a language, in that language."""
    return translate("action.language", language)


# ---- messages and questions


def which_lesson(locale: str) -> str:
    """Return the question for a lesson to open."""
    return translate("lesson.which", locale)


def lesson_item(number: int, title: str, locale: str, *, is_done: bool) -> str:
    """Return a lesson's entry in the list of lessons."""
    if is_done:
        return translate("lesson.title.done", locale, number=number, title=plain(title))
    return translate("lesson.title", locale, number=number, title=plain(title))


def open_yourself(path: str, locale: str) -> str:
    """Return a request to open a file, for a client that cannot show documents."""
    return translate("lesson.open-yourself", locale, path=path)


def page_yourself(path: str, locale: str) -> str:
    """Return a request to open a page, for a client that cannot show documents."""
    return translate("lesson.page-yourself", locale, path=path)


def address_yourself(address: str, locale: str) -> str:
    """Return a request to open an address in a browser."""
    return translate("page.address", locale, address=address)


def judgement(correct: bool, explanation: str, proof: str | None, locale: str) -> str:
    """Return whether an answer is correct, why, and the output of its proof."""
    verdict = translate("quiz.right" if correct else "quiz.wrong", locale)
    return " ".join(part for part in (verdict, plain(explanation), proof) if part)


def proof(code: str, output: str | None, error: str | None, locale: str) -> str:
    """Return what running a choice's expression printed or raised."""
    if error is not None:
        return translate("quiz.proof-error", locale, source=code, error=" ".join(error.split()))
    shown = (output or "").strip()
    # The rows of a matrix start in the same column.
    before = "\n" if "\n" in shown else ""
    return translate("quiz.proof", locale, source=code, output=before + shown)


def try_again(locale: str) -> str:
    """Return the title of the button that asks the question again."""
    return translate("quiz.try-again", locale)


def next_question(locale: str) -> str:
    """Return the title of the button that asks the next question."""
    return translate("quiz.next", locale)


def pick_an_action(question: str, locale: str) -> str:
    """Return a question for a client without message requests: code actions answer it."""
    return translate("quiz.pick-an-action", locale, question=plain(question))


def hint_message(number: int, count: int, hint: str, *, is_new: bool, locale: str) -> str:
    """Return a hint with its number."""
    code = "hint.shown" if is_new else "hint.all-shown"
    return translate(code, locale, number=number, count=count, hint=plain(hint))


def solution_shown(number: int, locale: str) -> str:
    """Return the message after a solution was inserted."""
    return translate("solution.shown", locale, number=number)


def solution_message(number: int, code: Sequence[str], locale: str) -> str:
    """Return a solution for a client that does not apply edits."""
    return translate("solution.message", locale, number=number, source="\n".join(code))


def reset_done(backup: str, locale: str) -> str:
    """Return the message after a restart: `backup` is the path of the previous text."""
    return translate("reset.done", locale, path=backup)


def verdict_message(verdict: str, number: int, message: str, locale: str) -> str:
    """Return the message after a step was checked."""
    return verdict_lens(verdict, number, message, locale)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ACTION else text[: _LONGEST_ACTION - 1].rstrip() + "…"
