"""The device in force and the reason for it, in one line."""

from __future__ import annotations

import pytest

from tensorhints.model.devices import Device
from tensorhints.present.devices import device_in_force

GPUS = {"cuda:0": "NVIDIA H200", "cuda:1": ""}


@pytest.mark.parametrize(
    ("device", "english", "portuguese"),
    [
        (
            Device("auto", "cpu", {}),
            "auto: cpu, no GPU visible",
            "auto: cpu, nenhuma GPU visível",
        ),
        (
            Device("auto", "cpu", GPUS),
            "auto: cpu, and cuda:0 — NVIDIA H200, cuda:1 if the program asks for it",
            "auto: cpu, e cuda:0 — NVIDIA H200, cuda:1 se o programa pedir",
        ),
        (Device("auto", "cpu", None), "auto: cpu", "auto: cpu"),
        (Device("auto", "auto", None), "auto", "auto"),
        (Device("cpu", "cpu", {}), "cpu", "cpu"),
        (
            Device("cpu", "cpu", GPUS),
            "cpu: GPUs are hidden from the program",
            "cpu: as GPUs ficam escondidas do programa",
        ),
        (Device("cuda", "cuda:0", GPUS), "cuda:0 — NVIDIA H200", "cuda:0 — NVIDIA H200"),
        (Device("cuda:1", "cuda:1", GPUS), "cuda:1", "cuda:1"),
        (Device("mps", "mps", {"mps": "Apple GPU"}), "mps — Apple GPU", "mps — Apple GPU"),
        (
            Device("simulated", "simulated", {}),
            "simulated: no values are computed",
            "simulado: nenhum valor é calculado",
        ),
    ],
)
def test_a_device_in_force(device: Device, english: str, portuguese: str) -> None:
    assert device_in_force(device, "en") == english
    assert device_in_force(device, "pt-BR") == portuguese


def test_the_name_of_a_gpu_cannot_break_the_line() -> None:
    shown = device_in_force(Device("cuda", "cuda:0", {"cuda:0": "a\nb"}), "en")
    assert "\n" not in shown
