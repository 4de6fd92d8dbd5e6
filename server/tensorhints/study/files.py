"""The files a learner works on: working copies of the lessons' starters, and backups.

A working copy lives in the user's state folder, because the packaged starter may be read-only and
is shared by all learners.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from tensorhints.course.folders import find_course, state_folder
from tensorhints.course.format import Lesson


def working_copies_folder() -> Path:
    """Return the folder of all working copies, with symbolic links resolved."""
    return Path(os.path.realpath(state_folder())) / "lessons"


def working_copy(lesson: Lesson) -> Path:
    """Return the path of the learner's working copy of a lesson. It may not exist yet."""
    return working_copies_folder() / lesson.id / lesson.file.name


def create_working_copy(lesson: Lesson) -> Path:
    """Copy the lesson's starter unless a working copy exists, and return its path.

    The copy appears atomically: another editor may open it at the same moment. Raises `OSError`.
    """
    path = working_copy(lesson)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(lesson.file.read_bytes())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # Another editor created it first.
    except OSError:
        # The file system has no hard links.
        if not path.exists():
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def write_backup(lesson: Lesson, text: str) -> Path:
    """Write a text to a new backup file beside the working copy. Raises `OSError`."""
    path = working_copy(lesson)
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
    raise AssertionError("unreachable")


def is_lesson(path: str) -> bool:
    """Whether a Python file belongs to the course or to the working copies, links resolved."""
    if not path.endswith(".py"):
        return False
    real = Path(os.path.realpath(path))
    return real.is_relative_to(find_course()) or real.is_relative_to(working_copies_folder())
