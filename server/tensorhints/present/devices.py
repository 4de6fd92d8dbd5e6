"""A device in words: which is in force, and why."""

from __future__ import annotations

from collections.abc import Mapping

from tensorhints.model.devices import Device

from .text import printable
from .words import say


def device_in_force(device: Device, locale: str) -> str:
    """`auto: cpu, no GPU visible`, `cuda:1 — NVIDIA H200`, `simulated: no values are computed`."""
    shown, gpus = printable(device.in_force), device.gpus
    if device.in_force == "simulated":
        return say("in-force.simulated", locale)
    if device.requested == "auto" and device.in_force != "auto":
        if gpus is None:
            return say("in-force.auto", locale, device=shown)
        if not gpus:
            return say("in-force.auto.no-gpu", locale, device=shown)
        return say("in-force.auto.gpus", locale, device=shown, gpus=gpu_list(gpus))
    if device.in_force == "cpu":
        hidden = any(name.startswith("cuda") for name in gpus or ())
        return say("in-force.hidden", locale, device=shown) if hidden else shown
    return gpu_list({device.in_force: (gpus or {}).get(device.in_force, "")})


def gpu_list(gpus: Mapping[str, str]) -> str:
    """`cuda:0 — NVIDIA H200, cuda:1 — NVIDIA H200`."""
    named = ((printable(device), printable(name)) for device, name in gpus.items())
    return ", ".join(f"{device} — {name}" if name else device for device, name in named)
