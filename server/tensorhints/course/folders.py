"""The folders of a course and of its learner: the packaged lessons, and the user's state.

Imports nothing heavy: the server asks for them whenever a file is opened.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import platformdirs

import tensorhints

# Replaces the platform's state folder, for tests and portable installations.
STATE_VARIABLE = "TENSORHINTS_STATE"


@cache
def find_course() -> Path:
    """Return the course folder of the installed package, or of the checkout the server is in."""
    package = Path(tensorhints.__file__).resolve().parent
    inside, beside = package / "lessons", package.parent.parent / "lessons"
    return inside if inside.is_dir() else beside


def state_folder() -> Path:
    """Return the user's state folder of this product. It may not exist yet."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen:
        return Path(chosen)
    return platformdirs.user_state_path("tensorhints", appauthor=False)
