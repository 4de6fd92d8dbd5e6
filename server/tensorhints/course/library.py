"""The course as the server queries it: by id or by file, in the learner's language."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from . import pages, quiz
from .format import Course, Lesson, LessonText, Step, StepText
from .loader import read_text
from .states import States


class Library:
    """Lookups in one course. Iterates over its lessons in order."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._by_id = {lesson.id: lesson for lesson in course.lessons}
        self._by_file = {os.path.realpath(lesson.file): lesson for lesson in course.lessons}

    def __iter__(self) -> Iterator[Lesson]:
        return iter(self.course.lessons)

    def lesson(self, id: str) -> Lesson | None:  # noqa: A002 - the format's own word
        """Return the lesson with this id, or None."""
        return self._by_id.get(id)

    def lesson_of(self, path: str | os.PathLike[str]) -> Lesson | None:
        """Return the lesson with this starter file, links resolved, or None."""
        return self._by_file.get(os.path.realpath(path))

    def step(self, lesson: str, step: str) -> Step | None:
        """Return a step by the ids of its lesson and itself, or None."""
        found = self._by_id.get(lesson)
        return found.step(step) if found is not None else None

    def next_lesson(self, lesson: Lesson) -> Lesson | None:
        """Return the lesson after this one, or None after the last."""
        lessons = self.course.lessons
        after = lessons.index(lesson) + 1
        return lessons[after] if after < len(lessons) else None

    def locale(self, wanted: str | None) -> str:
        """Return the course's locale that fits best, or its first one."""
        tag = (wanted or "").replace("_", "-").lower()
        for locale in self.course.locales:
            if tag == locale.lower():
                return locale
        for locale in self.course.locales:
            if tag and tag.partition("-")[0] == locale.lower().partition("-")[0]:
                return locale
        return self.course.locales[0] if self.course.locales else ""

    def title(self, locale: str | None) -> str:
        """Return the title of the course."""
        return self.course.titles.get(self.locale(locale), self.course.id)

    def text(self, lesson: Lesson, locale: str | None) -> LessonText:
        """Return the texts of a lesson in the locale that fits best."""
        return lesson.texts[self.locale(locale)]

    def step_text(self, lesson: Lesson, step: Step, locale: str | None) -> StepText:
        """Return the texts of a step in the locale that fits best."""
        return self.text(lesson, locale).steps[step.id]

    def starter(self, lesson: Lesson) -> str:
        """Return the text of the starter. Raises `OSError` if it cannot be read."""
        return read_text(lesson.file)

    def solution(self, lesson: Lesson) -> str:
        """Return the solution that is shown. Raises `OSError` if there is none."""
        return read_text(lesson.folder / "solution.py")

    def lesson_data(
        self, lesson: Lesson, step: Step | None, locale: str | None, progress: States
    ) -> dict[str, Any]:
        """Return the result of the command `lesson` (docs/protocol.md).

        With `step`, it includes the page of that step. Raises `OSError` if the starter cannot be
        read.
        """
        locale = self.locale(locale)
        text = self.text(lesson, locale)
        data: dict[str, Any] = {
            "course": self.title(locale),
            "lesson": lesson.id,
            "number": lesson.number,
            "title": text.title,
            "locale": locale,
            "minutes": lesson.minutes,
            "concepts": list(lesson.concepts),
            "requires": list(lesson.requires),
            "path": str(lesson.file),
            "starter": self.starter(lesson),
            "lead": pages.html(text.lead, lesson.folder),
            "secondsSpent": round(progress.seconds_spent(lesson.id)),
            "steps": [
                {
                    "id": each.id,
                    "kind": each.kind,
                    "title": text.steps[each.id].title,
                    "state": progress.state(lesson.id, each.id),
                }
                for each in lesson.steps
            ],
        }
        if step is not None:
            data |= self._step_data(lesson, step, text.steps[step.id], progress)
        return data

    def _step_data(
        self, lesson: Lesson, step: Step, text: StepText, progress: States
    ) -> dict[str, Any]:
        tried = progress.answers(lesson.id, step.id)
        shown = min(progress.hints_shown(lesson.id, step.id), len(text.hints))
        return {
            "step": step.id,
            "kind": step.kind,
            "stepTitle": text.title,
            "state": progress.state(lesson.id, step.id),
            "html": pages.html(text.body, lesson.folder),
            "markdown": text.body,
            "choices": [
                {
                    "id": choice.id,
                    "text": text.choices[choice.id],
                    "html": pages.inline_html(text.choices[choice.id]),
                    "provable": choice.run is not None,
                    "tried": tried.get(choice.id),
                }
                for choice in quiz.order(step.choices, progress.seed, step)
            ],
            "hints": [
                {"markdown": hint, "html": pages.html(hint, lesson.folder)}
                for hint in text.hints[:shown]
            ],
            "hintsShown": shown,
            "hintsTotal": len(text.hints),
            "checks": list(step.checks),
            "names": list(step.names),
        }
