"""The pages as built by vscode-client: a table of files by the name that a browser requests.

The folder is read once, so that no request ever becomes a path.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PAGES = ("lesson", "inspector")
FOLDER_VARIABLE = "TENSORHINTS_PAGES"
"""The environment variable that names another folder of built pages."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


class NotBuiltError(Exception):
    """The pages do not exist: this is a source tree in which they were not built."""


@dataclass(frozen=True)
class File:
    """A file to serve. `type` is its media type."""

    path: Path
    type: str


def built() -> Path:
    """Return the folder of the built pages, or the one that the environment names."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(__file__).parent / "static"


def files_of(folder: Path) -> dict[str, File]:
    """Return all files of the folder by name, with `/` as the separator.

    Raises `NotBuiltError`.
    """
    found = {
        path.relative_to(folder).as_posix(): File(path, _TYPES[path.suffix])
        for path in folder.rglob("*")
        if path.suffix in _TYPES and path.is_file()
    }
    if not all(f"{page}.js" in found for page in PAGES):
        raise NotBuiltError
    return found


def html(page: str, locale: str) -> str:
    """Return the HTML of a page.

    Addresses are relative, so that each request has the same token as the page.
    """
    return f"""<!DOCTYPE html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="theme.css">
<link rel="stylesheet" href="{page}.css">
<title>Tensor Hints</title>
</head>
<body data-page="{page}">
<script type="module" src="{page}.js"></script>
</body>
</html>
"""
