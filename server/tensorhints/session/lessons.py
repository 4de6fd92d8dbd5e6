"""Which files are lessons of the course that comes with the product: those run when opened.

A learner works on a copy of a lesson's file, kept in the user's state folder: the packaged one may
be read-only, and belongs to no learner.
"""

from __future__ import annotations

import itertools
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

import tensorhints

if TYPE_CHECKING:
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


def keep_learner_file(lesson: Lesson) -> Path:
    """The learner's own copy, made where there is none: it is never overwritten. Raises `OSError`.

    It appears at once and whole, for another editor may open it at the same moment.
    """
    path = learner_file(lesson)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f".{path.name}.{os.getpid()}")
    begun.write_bytes(lesson.file.read_bytes())
    try:
        os.link(begun, path)
    except FileExistsError:
        pass  # The other editor was first.
    except OSError:
        # A file system without hard links.
        if not path.exists():
            begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
    return path


def keep_backup(lesson: Lesson, text: str) -> Path:
    """Keep a text of the learner's beside their copy, under a name of its own. Raises `OSError`."""
    path = learner_file(lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8", "surrogatepass")
    for number in itertools.count(1):
        backup = path.with_name(f"{path.stem}.backup-{number}{path.suffix}.txt")
        try:
            with backup.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return backup
    raise AssertionError("numbers do not end")


def is_lesson(path: str) -> bool:
    """Whether a file belongs to the course or is a learner's copy of such a file. A link that leads
    out of there is no lesson.
    """
    if not path.endswith(".py"):
        return False
    real, folder = Path(os.path.realpath(path)), course_folder()
    inside = folder is not None and real.is_relative_to(folder)
    return inside or real.is_relative_to(learners_folder())
