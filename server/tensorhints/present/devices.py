"""Devices in words: the device in force, and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping

from tensorhints.model.devices import Device

from .text import printable
from .words import translate


def device_in_force(device: Device, locale: str) -> str:
    """Return `auto: cpu, no GPU visible`, `cuda:1 — NVIDIA H200` or the like."""
    shown, gpus = printable(device.in_force), device.gpus
    if device.in_force == "simulated":
        return translate("in-force.simulated", locale)
    if device.requested == "auto" and device.in_force != "auto":
        if gpus is None:
            return translate("in-force.auto", locale, device=shown)
        if not gpus:
            return translate("in-force.auto.no-gpu", locale, device=shown)
        return translate("in-force.auto.gpus", locale, device=shown, gpus=gpu_list(gpus))
    if device.in_force == "cpu":
        hidden = any(name.startswith("cuda") for name in gpus or ())
        return translate("in-force.hidden", locale, device=shown) if hidden else shown
    return gpu_list({device.in_force: (gpus or {}).get(device.in_force, "")})


def gpu_list(gpus: Mapping[str, str]) -> str:
    """Return `cuda:0 — NVIDIA H200, cuda:1 — NVIDIA H200`."""
    named = ((printable(device), printable(name)) for device, name in gpus.items())
    return ", ".join(f"{device} — {name}" if name else device for device, name in named)
