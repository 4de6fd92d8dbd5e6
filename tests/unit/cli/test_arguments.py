"""The command line as values, and a refusal for each way of going wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorhints.cli.arguments import Doctor, Help, RunFile, Serve, Version, parse
from tensorhints.cli.refusal import Refusal


def test_a_file_alone_runs_as_plain_python_would() -> None:
    assert parse(["run", "a.py"]) == RunFile("a.py", "auto", None, False, None, ())


def test_every_option_of_run_may_follow_the_file() -> None:
    command = parse(["run", "a.py", "--device", "cuda:1", "--timeout", "2.5", "--format", "json"])
    assert command == RunFile("a.py", "cuda:1", 2.5, True, None, ())


def test_arguments_after_two_dashes_belong_to_the_program() -> None:
    command = parse(["run", "--timeout=1", "a.py", "--", "--device", "x", "--", "-h"])
    assert command == RunFile("a.py", "auto", 1.0, False, None, ("--device", "x", "--", "-h"))


def test_an_interpreter_by_path_is_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = parse(["run", "a.py", "--interpreter", "env/bin/python"])
    assert isinstance(command, RunFile)
    assert command.interpreter == str(tmp_path / "env/bin/python")


def test_an_interpreter_by_name_is_left_to_be_found_on_the_path() -> None:
    command = parse(["run", "a.py", "--interpreter", "python3.12"])
    assert isinstance(command, RunFile)
    assert command.interpreter == "python3.12"


def test_the_server_uses_standard_input_and_output_by_default() -> None:
    assert parse(["serve"]) == parse(["serve", "--stdio"]) == Serve(None)
    assert parse(["serve", "--tcp", "127.0.0.1:2087"]) == Serve(("127.0.0.1", 2087))
    assert parse(["serve", "--tcp", "[::1]:2087"]) == Serve(("::1", 2087))


def test_doctor_answers_people_or_programs() -> None:
    assert parse(["doctor"]) == Doctor(False)
    assert parse(["doctor", "--json"]) == Doctor(True)


def test_doctor_takes_the_options_of_a_run() -> None:
    asked = ["doctor", "--interpreter", "/opt/python", "--device", "cuda:1"]
    assert parse(asked) == Doctor(False, interpreter="/opt/python", device="cuda:1")


def test_every_device_can_be_asked_for() -> None:
    for device in ("auto", "cpu", "cuda", "cuda:3", "mps", "simulated"):
        command = parse(["run", "a.py", "--device", device])
        assert isinstance(command, RunFile)
        assert command.device == device


def test_help_is_the_page_of_the_command_that_it_follows() -> None:
    assert parse(["--help"]) == parse(["-h"]) == Help("")
    assert parse(["run", "-h"]) == parse(["run", "a.py", "--help"]) == Help("run")


def test_the_version_may_be_asked_for() -> None:
    assert parse(["--version"]) == Version()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "cli.no-command"),
        ("fly", "cli.unknown-command"),
        ("--fly", "cli.unknown-argument"),
        ("run", "cli.no-file"),
        ("run a.py b.py", "cli.unknown-argument"),
        ("run a.py --fast", "cli.unknown-argument"),
        ("run a.py --dev cpu", "cli.unknown-argument"),
        ("run a.py --device", "cli.bad-option"),
        ("run a.py --device gpu", "bad-device.detail"),
        ("run a.py --device cuda:x", "bad-device.detail"),
        ("run a.py --timeout soon", "cli.bad-timeout"),
        ("run a.py --timeout 0", "cli.bad-timeout"),
        ("run a.py --timeout inf", "cli.bad-timeout"),
        ("run a.py --format xml", "cli.bad-format"),
        ("serve --tcp 2087", "cli.bad-address"),
        ("serve --tcp host:99999", "cli.bad-address"),
        ("serve --stdio --tcp host:1", "cli.stdio-or-tcp"),
        ("serve -- x", "cli.unknown-argument"),
        ("doctor now", "cli.unknown-argument"),
    ],
)
def test_a_wrong_line_is_refused_with_the_sentence_that_fits(line: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(line.split())
    assert refused.value.code == code
