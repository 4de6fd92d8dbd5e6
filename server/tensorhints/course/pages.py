"""Lessons as pages: HTML for editors with web views, Markdown for all others.

HTML in the Markdown is shown as text, links lead only to the web, and drawings are rebuilt from an
allow-list, so that a lesson cannot run anything in a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from . import quiz
from .format import Lesson, LessonText, Step, StepText
from .states import States

_IMAGE = re.compile(r"(!\[[^\]]*\]\()(media/[\w.-]+)(\))")


def html(markdown: str, folder: Path | None = None) -> str:
    """Render Markdown as HTML.

    The drawings in the lesson's `folder` become part of the page. Math stays as written, in
    elements of the class `math`.
    """
    from .markup import renderer

    return str(renderer().render(markdown, {"folder": folder}))


def inline_html(markdown: str) -> str:
    """Render Markdown as HTML without an enclosing paragraph."""
    from .markup import renderer

    return str(renderer().renderInline(markdown, {"folder": None}))


def markdown_page(
    lesson: Lesson, text: LessonText, progress: States, step: Step | None = None
) -> str:
    """Return one step, or the whole lesson, as Markdown for editors without web views.

    It contains no answers, and only the hints that were shown.
    """
    steps = lesson.steps if step is None else (step,)
    parts = [f"# {text.title}"]
    if step is None and text.lead:
        parts.append(text.lead)
    for each in steps:
        parts += _markdown_of_step(lesson, each, text.steps[each.id], progress)
    return _with_absolute_media("\n\n".join(parts) + "\n", lesson.folder)


def _markdown_of_step(
    lesson: Lesson, step: Step, text: StepText, progress: States
) -> Sequence[str]:
    parts = [f"## {text.title}", text.body]
    if step.choices:
        choices = quiz.order(step.choices, progress.seed, step)
        listed = [f"{n}. {_indented(text.choices[c.id])}" for n, c in enumerate(choices, 1)]
        parts.append("\n".join(listed))
    shown = text.hints[: progress.hints_shown(lesson.id, step.id)]
    if shown:
        parts.append(f"### {text.headings['hints']}")
        parts.append("\n".join(f"{n}. {_indented(hint)}" for n, hint in enumerate(shown, 1)))
    return parts


def _indented(text: str) -> str:
    return text.replace("\n", "\n   ")


def _with_absolute_media(markdown: str, folder: Path) -> str:
    return _IMAGE.sub(lambda m: f"{m[1]}{(folder / m[2]).as_uri()}{m[3]}", markdown)
