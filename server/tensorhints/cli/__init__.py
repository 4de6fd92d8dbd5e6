"""The command `tensorhints`: parses the command line and composes the other packages.

Decides nothing about programs, hints or texts. Each command's module is imported on demand, so that
the language server starts without what only other commands need.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from tensorhints import __version__
from tensorhints.present.words import translate

from . import terminal_environment
from .arguments import (
    CheckLessons,
    Command,
    Doctor,
    ExportProgress,
    Help,
    ImportProgress,
    ListLessons,
    NewLesson,
    RunFile,
    Serve,
    Version,
    parse,
)
from .refusal import BAD_USAGE, Refusal


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    locale = terminal_environment.locale()
    try:
        command = parse(sys.argv[1:] if argv is None else argv)
        if not isinstance(command, Serve):
            _escape_unencodable()
        return _execute(command, locale)
    except Refusal as refusal:
        sys.stderr.write(f"tensorhints: {translate(refusal.code, locale, **refusal.fields)}\n")
        return BAD_USAGE
    except BrokenPipeError:
        # The reader has closed the pipe, as `head` does; flushing the buffer must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _execute(command: Command, locale: str) -> int:
    match command:
        case Help(topic):
            sys.stdout.write(translate(f"cli.help.{topic}" if topic else "cli.help", locale))
            return 0
        case Version():
            sys.stdout.write(f"tensorhints {__version__}\n")
            return 0
        case Serve():
            from .serve import serve

            return serve(command)
        case RunFile():
            from .run import run

            return run(command, locale)
        case ListLessons() | CheckLessons() | NewLesson():
            from .lessons import lessons

            return lessons(command, locale)
        case ExportProgress() | ImportProgress():
            from .lessons_progress import move_progress

            return move_progress(command, locale)
        case Doctor(editors=True):
            from .editors import editors

            return editors(as_json=command.json, locale=locale)
        case Doctor():
            from .doctor import doctor

            return doctor(command, locale)


def _escape_unencodable() -> None:
    """Write characters that the terminal cannot encode, such as ∇, as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
