"""Which files are lessons of the course that comes with the product: those run when opened."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import tensorhints


@cache
def course_folder() -> Path | None:
    """The course in an installed package, or next to the server in a checkout."""
    package = Path(tensorhints.__file__).resolve().parent
    for folder in (package / "lessons", package.parent.parent / "lessons"):
        if folder.is_dir():
            return folder
    return None


def is_lesson(path: str) -> bool:
    """Whether a file belongs to the course. A link that leads out of the course is no lesson."""
    folder = course_folder()
    if folder is None or not path.endswith(".py"):
        return False
    return Path(os.path.realpath(path)).is_relative_to(folder)
