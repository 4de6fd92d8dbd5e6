"""The command line as values. `present` has the texts of help and errors.

Only parsing is left to `argparse`: its own messages are English, so every error raises a `Refusal`
instead.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from .refusal import Refusal

_DEVICE = re.compile(r"auto|cpu|cuda(:\d{1,3})?|mps|simulated")


@dataclass(frozen=True)
class Help:
    """The help page of one command, or the main page if `command` is empty."""

    command: str


@dataclass(frozen=True)
class Version:
    """Print the version."""


@dataclass(frozen=True)
class Serve:
    """Run the language server. Without `address` (host, port) it uses stdin and stdout."""

    address: tuple[str, int] | None


@dataclass(frozen=True)
class RunFile:
    """Run a file once.

    `timeout` is in seconds, `None` for no limit. `arguments` follow the program's `sys.argv[0]`.
    """

    file: str
    device: str
    timeout: float | None
    json: bool
    interpreter: str | None
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Doctor:
    """Examine an interpreter (`None` for the default one) and a device."""

    json: bool
    editors: bool = False
    interpreter: str | None = None
    device: str = "auto"


@dataclass(frozen=True)
class ListLessons:
    """Print the course."""


@dataclass(frozen=True)
class CheckLessons:
    """Check the course or lesson in `path`; `None` for the default course."""

    path: str | None
    json: bool


@dataclass(frozen=True)
class NewLesson:
    """Create a lesson in the course in `path`; `None` for the default course."""

    id: str
    path: str | None


@dataclass(frozen=True)
class ExportProgress:
    """Write progress to a new file; `None` for standard output."""

    path: str | None


@dataclass(frozen=True)
class ImportProgress:
    """Merge progress from a file."""

    path: str


Lessons = ListLessons | CheckLessons | NewLesson | ExportProgress | ImportProgress
Command = Help | Version | Serve | RunFile | Lessons | Doctor


def parse(argv: Sequence[str]) -> Command:
    """Parse the command line. Raises `Refusal` if it is not valid."""
    own, rest = _at_separator(argv)
    chosen, unknown = _parsed(own)
    command = chosen.command or ""
    if chosen.version:
        return Version()
    if chosen.help:
        return Help(command)
    if command == "lessons":
        # argparse stops collecting positional words at the first option between them.
        chosen.words += [word for word in unknown if not word.startswith("-")]
        unknown = [word for word in unknown if word.startswith("-")]
    if unknown or (rest and command != "run"):
        raise Refusal("cli.unknown-argument", text=(unknown or rest)[0])
    if command == "serve":
        return _serve(chosen)
    if command == "run":
        return _run(chosen, rest)
    if command == "lessons":
        return _lessons(chosen)
    if command == "doctor":
        return Doctor(chosen.json, chosen.editors, chosen.interpreter, chosen.device)
    raise Refusal("cli.no-command")


def _parsed(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    try:
        return _parser().parse_known_args(words)
    except argparse.ArgumentError as error:
        if error.argument_name in (None, "command"):
            raise Refusal("cli.unknown-command", text=_first_word(words)) from None
        raise Refusal("cli.bad-option", option=error.argument_name) from None


def _serve(chosen: argparse.Namespace) -> Serve:
    if chosen.stdio and chosen.tcp is not None:
        raise Refusal("cli.stdio-or-tcp")
    return Serve(chosen.tcp)


def _run(chosen: argparse.Namespace, rest: Sequence[str]) -> RunFile:
    if chosen.file is None:
        raise Refusal("cli.no-file")
    return RunFile(
        chosen.file,
        chosen.device,
        chosen.timeout,
        chosen.format == "json",
        chosen.interpreter,
        tuple(rest),
    )


def _lessons(chosen: argparse.Namespace) -> Lessons:
    words: list[str] = chosen.words
    action, rest = (words[0], words[1:]) if words else ("", [])
    if not action:
        raise Refusal("cli.lessons.no-action")
    most = {"list": 0, "check": 1, "new": 2, "export": 1, "import": 1}.get(action)
    if most is None:
        raise Refusal("cli.lessons.action", text=action)
    if len(rest) > most:
        raise Refusal("cli.unknown-argument", text=rest[most])
    if chosen.json and action != "check":
        raise Refusal("cli.unknown-argument", text="--json")
    first = rest[0] if rest else None
    if action == "check":
        return CheckLessons(first, chosen.json)
    if action == "export":
        return ExportProgress(first)
    if action == "import":
        if first is None:
            raise Refusal("cli.lessons.no-import-file")
        return ImportProgress(first)
    if action == "new":
        if first is None:
            raise Refusal("cli.lessons.no-id")
        return NewLesson(first, rest[1] if len(rest) > 1 else None)
    return ListLessons()


class _Parser(argparse.ArgumentParser):
    """A parser that prints nothing and never exits."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, exit_on_error=False)

    def error(self, message: str) -> NoReturn:
        """Raise a `Refusal` instead of exiting."""
        raise Refusal("cli.bad-usage", detail=message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser()
    parser.add_argument("--version", action="store_true")
    parser.set_defaults(command="")
    commands = parser.add_subparsers(dest="command", parser_class=_Parser)
    serve = commands.add_parser("serve")
    serve.add_argument("--stdio", action="store_true")
    serve.add_argument("--tcp", type=_address)
    run = commands.add_parser("run")
    run.add_argument("file", nargs="?")
    run.add_argument("--device", type=_device, default="auto")
    run.add_argument("--timeout", type=_seconds)
    run.add_argument("--format", type=_format, default="text")
    run.add_argument("--interpreter", type=_interpreter)
    lessons = commands.add_parser("lessons")
    lessons.add_argument("words", nargs="*")
    lessons.add_argument("--json", action="store_true")
    doctor = commands.add_parser("doctor")
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument("--editors", action="store_true")
    doctor.add_argument("--interpreter", type=_interpreter)
    doctor.add_argument("--device", type=_device, default="auto")
    for each in (parser, serve, run, lessons, doctor):
        # A command's default must not overwrite an option given before the command.
        each.add_argument("-h", "--help", action="store_true", default=argparse.SUPPRESS)
    parser.set_defaults(help=False)
    return parser


def _at_separator(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split at the first `--`."""
    words = list(argv)
    if "--" not in words:
        return words, []
    index = words.index("--")
    return words[:index], words[index + 1 :]


def _first_word(argv: Sequence[str]) -> str:
    return next((word for word in argv if not word.startswith("-")), "")


def _device(text: str) -> str:
    if _DEVICE.fullmatch(text) is None:
        raise Refusal("bad-device.detail", detail=text)
    return text


def _format(text: str) -> str:
    if text not in ("text", "json"):
        raise Refusal("cli.bad-format", text=text)
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise Refusal("cli.bad-timeout", text=text)
    return seconds


def _interpreter(text: str) -> str:
    # A bare name is looked up on PATH; a path is relative to the working directory.
    return str(Path(text).absolute()) if "/" in text or "\\" in text else text


def _address(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise Refusal("cli.bad-address", text=text)
    return host.strip("[]"), int(port)
