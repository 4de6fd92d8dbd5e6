"""The titles of code lenses, code actions and progress: what runs, and how the last run ended.

An outcome is a value of the engine's `Outcome` (`finished`, `timedOut`); lines count from 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from tensorhints.model.cells import Cell
from tensorhints.model.devices import Device

from .devices import device_in_force
from .lines import shown_line
from .quantities import duration
from .text import printable
from .words import knows, translate

SUSPENDED = "suspended"
"""In place of an outcome: the program is halted where it is."""

_NEVER_RAN = frozenset(("refused", "superseded"))


def run_title(locale: str) -> str:
    """Return the lens that runs the file."""
    return translate("lens.run", locale)


def stop_title(locale: str) -> str:
    """Return the lens that stops the run."""
    return translate("lens.stop", locale)


def continue_title(locale: str) -> str:
    """Return the lens that continues a suspended run."""
    return translate("lens.continue", locale)


def warming_title(locale: str) -> str:
    """Return the lens while Python and torch are starting."""
    return translate("lens.warming", locale)


def running_title(locale: str, device: Device | None = None) -> str:
    """Return the lens while the program runs."""
    if device is None:
        return translate("lens.running", locale)
    return translate("lens.running.device", locale, device=device_in_force(device, locale))


def untrusted_title(locale: str) -> str:
    """Return the lens of a file in an untrusted workspace."""
    return translate("lens.untrusted", locale)


def outcome_title(
    outcome: str,
    locale: str,
    *,
    seconds: float = 0.0,
    device: Device | None = None,
    line: int | None = None,
    exit_status: int | None = None,
    cells: Sequence[Cell] = (),
    by_exit: bool = False,
) -> str:
    """Return how and on which device the last run ended. `cells` are those of a notebook.

    `✓ finished in 12 ms · cuda:0 — NVIDIA H200`, `✗ failed at line 12 · 3 ms · simulated: no values
    are computed`. `by_exit`: the program ended itself with `exit_status`.
    """
    shown = None if line is None else shown_line(line, cells, locale)
    status = exit_status if line is None or by_exit else None
    title = _ending(outcome, locale, duration(seconds, locale), shown, status)
    if device is None or outcome in _NEVER_RAN:
        return title
    return f"{title} · {device_in_force(device, locale)}"


def _ending(outcome: str, locale: str, time: str, line: str | None, exit_status: int | None) -> str:
    code = f"lens.{outcome}"
    if outcome == "failed" and exit_status:
        code = "lens.exit-status"
    if line is not None and knows(f"{code}.line"):
        return translate(f"{code}.line", locale, line=line, status=exit_status, time=time)
    return translate(code, locale, status=exit_status, time=time)


def run_action(locale: str, device: str | None = None) -> str:
    """Return the code action that runs the file, on `device` if one is given."""
    if device is None:
        return translate("action.run", locale)
    return translate("action.run-on", locale, device=device_name(device, locale))


def stop_action(locale: str) -> str:
    """Return the code action that stops the run."""
    return translate("action.stop", locale)


def continue_action(locale: str) -> str:
    """Return the code action that continues a suspended run."""
    return translate("action.continue", locale)


def device_action(device: str, locale: str) -> str:
    """Return the code action that selects a device."""
    return translate("action.device", locale, device=device_name(device, locale))


def device_name(device: str, locale: str) -> str:
    """Return a value of the device setting (`auto`, `cuda:1`, `simulated`) in words."""
    kind, _, index = device.partition(":")
    if kind == "cuda" and index:
        return translate("device.cuda.index", locale, index=printable(index))
    code = f"device.{kind}"
    return translate(code, locale) if knows(code) else printable(device)


def run_progress(file: str, locale: str) -> str:
    """Return the progress title of a run."""
    return translate("progress.run", locale, file=printable(file))


def warm_progress(locale: str) -> str:
    """Return the progress title while torch is imported."""
    return translate("progress.warm", locale)


def inspector_action(locale: str) -> str:
    """Return the code action that opens the inspector."""
    return translate("action.inspector", locale)
