"""`tensorhints run`: runs a file once and shows it with its hints."""

from __future__ import annotations

import sys

from rich.console import Console

from tensorhints.engine.interpreters import InterpreterError
from tensorhints.model.user_messages import UserMessage

from .arguments import RunFile
from .explained import user_message_sentence
from .json_report import as_json
from .refusal import BAD_USAGE
from .source import read_source
from .terminal_environment import colour
from .text_report import write_report
from .watch import watch


def run(command: RunFile, locale: str) -> int:
    """Run the command and return the exit status. Raises `Refusal` if there is no such file."""
    source = read_source(command.file)
    printer = None if command.json else _Printer()
    try:
        report = watch(command, source, printer)
    except InterpreterError as error:
        return _refuse(error.user_message, locale)
    if report.exit_status == BAD_USAGE:
        return _refuse(report.result.user_message or UserMessage("internal-error"), locale)
    if command.json:
        sys.stdout.write(as_json(report, locale) + "\n")
    else:
        assert printer is not None
        printer.end_line()
        write_report(report, console(), locale)
    return report.exit_status


def console() -> Console:
    """Return standard output as a console, with colours if the user wants them."""
    if colour(sys.stdout):
        return Console(force_terminal=True, highlight=False, no_color=False)
    return Console(color_system=None, force_terminal=False, highlight=False, no_color=True)


def _refuse(user_message: UserMessage, locale: str) -> int:
    sys.stderr.write(f"tensorhints: {user_message_sentence(user_message, locale)}\n")
    return BAD_USAGE


class _Printer:
    """Prints the program's output as it arrives, each stream to its own."""

    def __init__(self) -> None:
        self._ends = {"stdout": "\n", "stderr": "\n"}

    def __call__(self, stream: str, text: str) -> None:
        target = sys.stderr if stream == "stderr" else sys.stdout
        target.write(text)
        target.flush()
        self._ends[stream] = text[-1:] or self._ends[stream]

    def end_line(self) -> None:
        """End an unfinished line."""
        if self._ends["stdout"] != "\n":
            sys.stdout.write("\n")
