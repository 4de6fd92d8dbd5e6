"""Titles and sentences: lenses, actions, notices, times and amounts."""

from __future__ import annotations

import pytest

from tensorhints.model.devices import Device
from tensorhints.model.user_messages import UserMessage
from tensorhints.present import states
from tensorhints.present.quantities import duration, memory
from tensorhints.present.user_messages import sentence

CPU = Device("cpu", "cpu")


@pytest.mark.parametrize(
    ("outcome", "line", "status", "expected"),
    [
        ("finished", None, 0, "✓ finished in 12 ms · cpu"),
        ("failed", 11, 1, "✗ failed at line 12 · 12 ms · cpu"),
        ("failed", None, 3, "✗ exit status 3 · 12 ms · cpu"),
        ("stopped", 4, None, "■ stopped at line 5 · 12 ms · cpu"),
        ("timedOut", 4, None, "✗ time limit at line 5 · 12 ms · cpu"),
        ("outOfMemory", None, None, "✗ out of memory · 12 ms · cpu"),
        ("crashed", None, None, "✗ crashed · 12 ms · cpu"),
        ("superseded", None, None, "… newer edit"),
        ("refused", None, None, "✗ did not run"),
    ],
)
def test_how_the_last_run_ended(
    outcome: str, line: int | None, status: int | None, expected: str
) -> None:
    title = states.outcome_title(
        outcome, "en", seconds=0.012, device=CPU, line=line, exit_status=status
    )
    assert title == expected


def test_an_exit_names_its_status_and_line() -> None:
    title = states.outcome_title(
        "failed", "en", seconds=0.012, device=CPU, line=11, exit_status=2, by_exit=True
    )
    assert title == "✗ exit status 2 at line 12 · 12 ms · cpu"


def test_titles_in_portuguese() -> None:
    assert states.run_title("pt-BR") == "▶ Executar"
    assert states.outcome_title("finished", "pt-BR", seconds=1.25, device=CPU) == (
        "✓ terminou em 1,2 s · cpu"
    )


def test_devices_are_named() -> None:
    assert states.run_action("en", "cuda:1") == "Run with Tensor Hints on CUDA device 1"
    assert states.device_action("cpu", "pt-BR") == "Tensor Hints: usar o dispositivo CPU"
    assert states.device_name("xpu", "en") == "xpu"


@pytest.mark.parametrize(
    ("user_message", "line", "expected"),
    [
        (UserMessage("stopped"), None, "The program was stopped."),
        (UserMessage("stopped"), 4, "The program was stopped at line 5."),
        (UserMessage("no-document"), 4, "No Python file is open: open one and run again."),
        (UserMessage("crashed", "SIGSEGV"), 4, "(SIGSEGV) at line 5."),
        (UserMessage("timed-out", "2.5"), None, "after 2.5 s, its time limit:"),
        (UserMessage("no-torch", "/p\n"), None, "run “/p -m pip install torch”"),
        (UserMessage("never-heard-of", "it"), None, "(never-heard-of it)"),
    ],
)
def test_a_user_message_includes_the_known_details(
    user_message: UserMessage, line: int | None, expected: str
) -> None:
    assert expected in sentence(user_message, "en", line=line)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 ms"), (0.0004, "0 ms"), (0.9994, "999 ms"), (1, "1.0 s"), (59.96, "1 min 0 s")],
)
def test_durations(seconds: float, expected: str) -> None:
    assert duration(seconds, "en") == expected


@pytest.mark.parametrize(
    ("nbytes", "expected"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (1024**2 - 1, "1 MB"),
        (4 * 1024**3, "4 GB"),
        (5000 * 1024**4, "5000 TB"),
    ],
)
def test_amounts_of_memory(nbytes: int, expected: str) -> None:
    assert memory(nbytes, "en") == expected
