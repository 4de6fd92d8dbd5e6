"""Which files are lessons of the course that comes with the product: those run when opened.

A learner works on a copy of a lesson's file, kept in the user's state folder: the packaged one may
be read-only, and belongs to no learner.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import platformdirs

import tensorhints
from tensorhints.course.format import Lesson

# Another folder than the platform's own, for tests and for portable installations.
STATE_VARIABLE = "TENSORHINTS_STATE"


@cache
def course_folder() -> Path | None:
    """The course in an installed package, or next to the server in a checkout."""
    package = Path(tensorhints.__file__).resolve().parent
    for folder in (package / "lessons", package.parent.parent / "lessons"):
        if folder.is_dir():
            return folder
    return None


def learners_folder() -> Path:
    """Where the learner's copies are kept, a folder for each lesson."""
    chosen = os.environ.get(STATE_VARIABLE)
    state = Path(chosen) if chosen else platformdirs.user_state_path("tensorhints", appauthor=False)
    return Path(os.path.realpath(state)) / "lessons"


def learner_file(lesson: Lesson) -> Path:
    """The learner's own copy of what a lesson opens. It may not exist yet."""
    return learners_folder() / lesson.id / lesson.file.name


def is_lesson(path: str) -> bool:
    """Whether a file belongs to the course or is a learner's copy of such a file. A link that leads
    out of there is no lesson.
    """
    if not path.endswith(".py"):
        return False
    real, folder = Path(os.path.realpath(path)), course_folder()
    inside = folder is not None and real.is_relative_to(folder)
    return inside or real.is_relative_to(learners_folder())
