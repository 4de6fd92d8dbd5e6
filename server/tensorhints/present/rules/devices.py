"""Rules for tensors on different devices."""

from __future__ import annotations

import re

from tensorhints.model.values import Mapping, Record, Sequence, Tensor, Value
from tensorhints.present.cases import Case

from .reasons import Reason, source

NO_CUDA = "explain.no-cuda"
"""The reason that the simulated device is a remedy for."""

_TWO = re.compile(r"at least two devices, ([\w:]+) and ([\w:]+)!")
# A convolution compares torch's old type names: torch.FloatTensor, torch.cuda.FloatTensor.
_TYPES = re.compile(r"Input type \((torch\.[\w.]+)\) and (?:weight|bias) type \((torch\.[\w.]+)\)")
_NO_CUDA = re.compile(
    r"not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available"
    r"|not linked with support for cuda devices|torch\.cuda\.is_available\(\) is False"
)
_GENERATOR = re.compile(r"Expected a '([\w:]+)' device type for generator but found '([\w:]+)'")


def generator_elsewhere(case: Case) -> Reason | None:
    """A random generator on another device than the operation.

    For example that of a shuffling `DataLoader`, which is on the CPU.
    """
    found = _GENERATOR.search(case.message)
    if found is None:
        return None
    wanted, given = found.groups()
    return Reason(
        "explain.generator-device",
        {"device": wanted, "given": given},
        "explain.advice.generator",
        {"device": wanted},
    )


def no_cuda(case: Case) -> Reason | None:
    """A GPU was requested where PyTorch can use none."""
    if _NO_CUDA.search(case.message) is None:
        return None
    return Reason(NO_CUDA, {}, "explain.advice.simulated")


def different_devices(case: Case) -> Reason | None:
    """Operands on two devices."""
    if "same device" not in case.message and not _devices_of_types(case.message):
        return None
    devices: dict[str, str] = {}
    for argument in (*case.arguments, *case.keywords.values()):
        if argument.value is None:
            continue
        for tensor in _tensors(argument.value):
            devices.setdefault(tensor.device, argument.text)
    if len(devices) < 2:
        return _module_elsewhere(case)
    (left, left_text), (right, right_text) = list(devices.items())[:2]
    if left_text == right_text:
        return Reason("explain.devices-within", {"left": left, "right": right})
    return Reason(
        "explain.devices",
        {
            "left_name": source(left_text),
            "left": left,
            "right_name": source(right_text),
            "right": right,
        },
        "explain.advice.move",
        {"name": source(right_text if left != "cpu" else left_text)}
        | {"device": left if left != "cpu" else right},
    )


def _module_elsewhere(case: Case) -> Reason | None:
    """A layer whose parameters are on another device than its input."""
    found = _TWO.search(case.message)
    named = {*found.groups()} if found else _devices_of_types(case.message)
    received = case.received
    if not named or case.module is None or received is None or received.tensor is None:
        return None
    others = named - {received.tensor.device}
    if len(others) != 1:
        return None
    (other,) = others
    return Reason(
        "explain.module-device",
        {"given": received.tensor.device, "weights": other, "module": source(case.module.kind)},
        "explain.advice.move-input",
        {"device": other},
    )


def _devices_of_types(message: str) -> set[str]:
    """Return the devices of a convolution's error, if its two types differ in the device."""
    found = _TYPES.search(message)
    devices = (
        {"cuda:0" if ".cuda." in name else "cpu" for name in found.groups()} if found else set()
    )
    return devices if len(devices) == 2 else set()


def _tensors(value: Value) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, (Sequence, Mapping, Record)):
        return [tensor for item in value.items for tensor in _tensors(item)]
    return []


RULES = (no_cuda, different_devices, generator_elsewhere)
