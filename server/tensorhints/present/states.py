"""The titles of code lenses, code actions and progress: what runs, and how the last run ended.

An outcome is the text of the engine's `Outcome` (`finished`, `timedOut`); lines count from 0.
"""

from __future__ import annotations

from tensorhints.model.devices import Device

from .devices import device_in_force
from .quantities import duration
from .text import printable
from .words import knows, say

_NEVER_RAN = frozenset(("refused", "superseded"))


def run_title(locale: str) -> str:
    return say("lens.run", locale)


def stop_title(locale: str) -> str:
    return say("lens.stop", locale)


def warming_title(locale: str) -> str:
    """The lens while Python and torch are still being started."""
    return say("lens.warming", locale)


def running_title(locale: str, device: Device | None = None) -> str:
    if device is None:
        return say("lens.running", locale)
    return say("lens.running.device", locale, device=device_in_force(device, locale))


def untrusted_title(locale: str) -> str:
    return say("lens.untrusted", locale)


def outcome_title(
    outcome: str,
    locale: str,
    *,
    seconds: float = 0.0,
    device: Device | None = None,
    line: int | None = None,
    exit_status: int | None = None,
) -> str:
    """How the last run ended, and where it was: `✓ finished in 12 ms · cuda:0 — NVIDIA H200`,
    `✗ failed at line 12 · 3 ms · simulated: no values are computed`.
    """
    title = _ending(outcome, locale, duration(seconds, locale), line, exit_status)
    if device is None or outcome in _NEVER_RAN:
        return title
    return f"{title} · {device_in_force(device, locale)}"


def _ending(outcome: str, locale: str, time: str, line: int | None, exit_status: int | None) -> str:
    if outcome == "failed" and line is None and exit_status:
        return say("lens.exit-status", locale, status=exit_status, time=time)
    code = f"lens.{outcome}"
    if line is not None and knows(f"{code}.line"):
        return say(f"{code}.line", locale, line=line + 1, time=time)
    return say(code, locale, time=time)


def run_action(locale: str, device: str | None = None) -> str:
    """The code action that runs the file, on `device` where one is named."""
    if device is None:
        return say("action.run", locale)
    return say("action.run-on", locale, device=device_name(device, locale))


def stop_action(locale: str) -> str:
    return say("action.stop", locale)


def device_action(device: str, locale: str) -> str:
    return say("action.device", locale, device=device_name(device, locale))


def device_name(device: str, locale: str) -> str:
    """A device of the setting (`auto`, `cpu`, `cuda:1`, `mps`, `simulated`) in words."""
    kind, _, index = device.partition(":")
    if kind == "cuda" and index:
        return say("device.cuda.index", locale, index=printable(index))
    code = f"device.{kind}"
    return say(code, locale) if knows(code) else printable(device)


def run_progress(file: str, locale: str) -> str:
    return say("progress.run", locale, file=printable(file))


def warm_progress(locale: str) -> str:
    return say("progress.warm", locale)


def inspector_action(locale: str) -> str:
    return say("action.inspector", locale)
