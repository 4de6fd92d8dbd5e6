"""The cache of parsed files that jedi and parso keep, in this product's own cache folder.

Both write a pickle for each file they parse, by default into the user's home folder and shared with
every other program that uses them. A process killed while it writes leaves a truncated pickle
behind, and parso raises whatever `pickle.load` raises for each later question that needs the file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jedi
import parso.cache
import parso.grammar
import platformdirs

FOLDER_VARIABLE = "TENSORHINTS_CACHE"
"""The environment variable that names another folder than the platform's own."""

_load_module: Callable[..., Any] = parso.cache.load_module
_save_module: Callable[..., Any] = parso.cache.try_to_save_module


def default_folder() -> Path:
    """Return the folder that the environment names, or the user's cache folder."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return Path(folder)
    return platformdirs.user_cache_path("tensorhints", appauthor=False)


def use(folder: Path) -> None:
    """Make this process cache parsed files below `folder`, and survive a cache that is damaged."""
    jedi.settings.cache_directory = str(folder / "jedi")
    parso.cache._default_cache_path = folder / "parso"
    # parso's grammar has imported both functions by name.
    vars(parso.grammar).update(load_module=_load, try_to_save_module=_save)


def _load(*arguments: Any, **options: Any) -> Any:
    """Return the parsed module, or None if it is not cached or its file cannot be read.

    parso then parses the source and overwrites the file. Unpickling can raise any exception.
    """
    try:
        return _load_module(*arguments, **options)
    except Exception as error:
        sys.stderr.write(f"cached parse dropped: {type(error).__name__}: {error}\n")
        return None


def _save(*arguments: Any, **options: Any) -> None:
    """Save a parsed module. It stays in memory even if the folder cannot be written."""
    try:
        _save_module(*arguments, **options)
    except OSError as error:
        sys.stderr.write(f"parse not cached: {type(error).__name__}: {error}\n")
