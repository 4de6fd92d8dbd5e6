"""Call every public operation that takes two tensors with tensors of two devices, simulated.

The calls come from torch: from the sample inputs of its own tests (`op_db`), and from the
signatures of all functions that can be overridden, with the first arguments that work on the CPU.
Prints as JSON which operations accepted tensors of two devices, and which tensors then were on the
simulated GPU, by their position among the arguments.
"""

from __future__ import annotations

import contextlib
import inspect
import itertools
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch._subclasses.fake_tensor import unset_fake_temporarily
from torch.overrides import get_overridable_functions, get_testing_overrides, resolve_name
from torch.utils import _pytree as pytree

SAMPLES = 2
"""Sample inputs of one operation."""


@dataclass(frozen=True)
class Call:
    """An operation with arguments on the CPU that it accepts."""

    name: str
    operation: Callable[..., Any]
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]


def sampled() -> Iterator[Call]:
    """Yield the calls of torch's own tests."""
    from torch.testing._internal.common_methods_invocations import op_db

    for info in op_db:
        dtype = next(
            (each for each in (torch.float32, torch.int64, torch.bool) if each in info.dtypes), None
        )
        if dtype is None:
            continue
        calls = (
            Call(info.full_name, operation, (sample.input, *sample.args), sample.kwargs)
            for sample in info.sample_inputs("cpu", dtype, requires_grad=False)
            for operation in _variants(info)
        )
        yield from itertools.islice(
            (call for call in calls if len(_positions(_leaves(call))) > 1),
            SAMPLES * len(_variants(info)),
        )


def _variants(info: Any) -> list[Callable[..., Any]]:
    return [each for each in (info.op, info.inplace_variant) if each is not None]


def from_signatures() -> Iterator[Call]:
    """Yield one call of each function that takes two tensors, if arguments can be found."""
    floats, numbers, flags = torch.ones(3, 3), torch.zeros(3, dtype=torch.long), torch.ones(3) > 0
    candidates = (floats, torch.ones(3), numbers, flags, torch.zeros(3, 3, dtype=torch.long))
    signatures = get_testing_overrides()
    public = (torch, torch.nn.functional, torch.Tensor, torch.linalg, torch.special, torch.fft)
    functions = get_overridable_functions()
    for function in {each: None for owner in public for each in functions.get(owner, ())}:
        name = resolve_name(function)
        if name is None or function not in signatures or "__" in name:
            continue
        parameters = inspect.signature(signatures[function]).parameters.values()
        required = [each for each in parameters if each.default is each.empty]
        count = sum(each.kind is each.POSITIONAL_OR_KEYWORD for each in required)
        if not 2 <= count <= 4:
            continue
        for arguments in itertools.product(candidates, repeat=count):
            with contextlib.suppress(Exception):
                function(*(each.clone() for each in arguments))
                yield Call(name, function, arguments, {})
                break


def accepted_positions(simulation: Any, call: Call) -> list[list[int]]:
    """Return for which tensors on the GPU, the others on the CPU, the call does not raise."""
    leaves = _leaves(call)
    positions = _positions(leaves)
    if not _succeeds(simulation, call, leaves, frozenset()):
        return []
    choices = {
        frozenset(each)
        for position in positions
        for each in ([position], [other for other in positions if other != position])
    }
    return [
        sorted(positions.index(each) for each in on_gpu)
        for on_gpu in sorted(choices, key=sorted)
        if _succeeds(simulation, call, leaves, on_gpu)
    ]


def _succeeds(simulation: Any, call: Call, leaves: list[Any], on_gpu: frozenset[int]) -> bool:
    simulated = [
        _simulated(simulation, leaf, index in on_gpu) if _is_tensor(leaf) else leaf
        for index, leaf in enumerate(leaves)
    ]
    structure = pytree.tree_structure((call.arguments, call.keywords))
    arguments, keywords = pytree.tree_unflatten(simulated, structure)
    try:
        call.operation(*arguments, **keywords)
    except Exception:
        return False
    return True


def _simulated(simulation: Any, tensor: torch.Tensor, on_gpu: bool) -> torch.Tensor:
    with unset_fake_temporarily(), torch._C.DisableTorchFunction():
        made: torch.Tensor = simulation.from_real(tensor)
    return made.cuda() if on_gpu else made


def _leaves(call: Call) -> list[Any]:
    leaves: list[Any] = pytree.tree_leaves((call.arguments, call.keywords))
    return leaves


def _positions(leaves: list[Any]) -> list[int]:
    """Return where the tensors are whose device counts; none if one of them is not strided."""
    if any(_is_tensor(leaf) and leaf.layout is not torch.strided for leaf in leaves):
        return []
    return [
        index
        for index, leaf in enumerate(leaves)
        if _is_tensor(leaf) and leaf.dim() and leaf.numel()
    ]


def _is_tensor(value: object) -> bool:
    return isinstance(value, torch.Tensor)


def main() -> None:
    """Print the operations that accept mixed devices, and how many were called."""
    warnings.simplefilter("ignore")
    calls = [*sampled(), *from_signatures()]

    from tensorhints.runner.simulated import activation

    assert activation.activate() is None
    simulation = activation._active_modes[0]
    accepted: dict[str, list[list[int]]] = {}
    for call in calls:
        for positions in accepted_positions(simulation, call):
            known = accepted.setdefault(call.name, [])
            if positions not in known:
                known.append(positions)
    names = {call.name for call in calls}
    json.dump({"called": sorted(names), "accepted": accepted}, sys.stdout)


if __name__ == "__main__":
    main()
