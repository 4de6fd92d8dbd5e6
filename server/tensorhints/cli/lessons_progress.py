"""`tensorhints lessons export` and `import`: the learner's progress to and from a file."""

from __future__ import annotations

import sys
from pathlib import Path

from tensorhints.course.progress import Progress, ProgressError, default_path
from tensorhints.present.words import translate

from .arguments import ExportProgress, ImportProgress
from .explained import user_message_sentence
from .refusal import BAD_USAGE, Refusal


def move_progress(command: ExportProgress | ImportProgress, locale: str) -> int:
    """Run the command and return the exit status. Raises `Refusal` for an unusable file."""
    try:
        with Progress(default_path()) as progress:
            if isinstance(command, ExportProgress):
                _export(progress, command.path)
            else:
                progress.import_(_read(command.path))
                sys.stdout.write(
                    translate("cli.lessons.imported", locale, path=command.path) + "\n"
                )
    except ProgressError as error:
        sys.stderr.write(f"tensorhints: {user_message_sentence(error.user_message, locale)}\n")
        return BAD_USAGE
    return 0


def _export(progress: Progress, path: str | None) -> None:
    if path is None:
        sys.stdout.write(progress.export())
        return
    try:
        # An existing file may be the user's only older export.
        with Path(path).open("x", encoding="utf-8", newline="\n") as file:
            file.write(progress.export())
    except FileExistsError:
        raise Refusal("cli.lessons.file-exists", path=path) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refusal("cli.lessons.no-export", path=path, reason=reason) from error


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Refusal("no-such-file.detail", detail=path) from None
    except IsADirectoryError:
        raise Refusal("is-a-directory.detail", detail=path) from None
    except (OSError, ValueError):
        raise Refusal("unreadable-file.detail", detail=path) from None
