"""The pages as vscode-client builds them: each file by the name under which it is asked for.

The folder is read once, so that no request of a browser ever becomes a path.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PAGES = ("lesson", "inspector")
# Names another folder of built pages.
FOLDER_VARIABLE = "TENSORHINTS_PAGES"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


class NotBuiltError(Exception):
    """The pages are not there: this is a source tree in which nobody has built them."""


@dataclass(frozen=True)
class File:
    path: Path
    type: str


def built() -> Path:
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(__file__).parent / "static"


def files_of(folder: Path) -> dict[str, File]:
    """By name, with `/` between folders. Raises `NotBuiltError`."""
    found = {
        path.relative_to(folder).as_posix(): File(path, _TYPES[path.suffix])
        for path in folder.rglob("*")
        if path.suffix in _TYPES and path.is_file()
    }
    if not all(f"{page}.js" in found for page in PAGES):
        raise NotBuiltError
    return found


def html(page: str, locale: str) -> str:
    """Addresses are relative, so all of them keep the token of the page's own."""
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
