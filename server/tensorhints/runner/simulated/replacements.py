"""Replaces the parts of torch and Python that do not work without data."""

from __future__ import annotations

import copy
import os
import sys
import threading
from typing import Any, Callable, Dict, Iterator

import torch
from torch._subclasses import fake_tensor
from torch._subclasses.fake_tensor import FakeTensor
from torch.utils import data as torch_data
from torch.utils.data import dataloader, dataset, sampler

from . import backward, cuda_module
from .taint import state


def install(enter: Callable[[], Any], from_array: Callable[[Any], Any]) -> None:
    """Replace them for the rest of the process.

    `enter` returns a context manager that simulates in a further thread; `from_array` converts a
    tensor that shares an array's memory to a simulated one.
    """
    for name, value in cuda_module.attributes().items():
        setattr(torch.cuda, name, value)
    if hasattr(torch, "accelerator"):
        for name, value in cuda_module.accelerator().items():
            setattr(torch.accelerator, name, value)
    _replace(fake_tensor, "init_gpu_context", lambda original: lambda device: None)
    _replace(torch, "Generator", _generator)
    _replace(
        torch, "from_numpy", lambda original: _converted(_with_real_tensors(original), from_array)
    )
    _replace(torch, "as_tensor", _as_tensor)
    _replace_autograd()
    setattr(FakeTensor, "data_ptr", _address)  # noqa: B010 - mypy refuses the plain form
    if "tolist" in vars(FakeTensor):
        del FakeTensor.tolist  # it asks for each element
    _replace(torch.utils, "swap_tensors", _swap_tensors)
    _replace(torch._C._nn, "_parse_to", _accepting_index)
    _replace(torch.backends.cudnn, "is_acceptable", lambda original: lambda tensor: False)
    if torch.backends.cuda.is_built():
        # cuDNN's recurrent layers would run on a real GPU, past the simulation.
        torch._C._set_cudnn_enabled(False)
    _replace(torch, "compile", lambda original: _compile)
    _replace(torch.nn.Module, "compile", lambda original: lambda self, *_, **__: None)
    _replace_saving()
    _replace_data_loading()
    _replace(torch.nn.DataParallel, "forward", lambda original: _data_parallel_forward)
    _replace(
        threading.Thread, "_bootstrap_inner", lambda original: _simulated_thread(original, enter)
    )


def _replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    setattr(owner, name, make(getattr(owner, name)))


def _converted(
    original: Callable[..., Any], from_array: Callable[[Any], Any]
) -> Callable[..., Any]:
    return lambda array: from_array(original(array))


def _as_tensor(original: Callable[..., Any]) -> Callable[..., Any]:
    """Make `as_tensor` share an array's memory unless the device or the dtype changes."""

    def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Any:
        numpy = sys.modules.get("numpy")
        if numpy is None or type(data) is not numpy.ndarray:
            return original(data, dtype=dtype, device=device)
        made = torch.from_numpy(data)
        return made.to(device=device, dtype=dtype) if device or dtype else made

    return as_tensor


# ---- devices and modules ---------------------------------------------------------------------


def _generator(original: Any) -> Any:
    class Generator(original):  # type: ignore[misc]
        def __new__(cls, device: Any = "cpu") -> Any:
            return super().__new__(cls)

        def __init__(self, device: Any = "cpu") -> None:
            self._device = torch.device(device)

        @property
        def device(self) -> torch.device:
            return self._device

    Generator.__qualname__ = "Generator"
    Generator.__module__ = original.__module__
    return Generator


def _swap_tensors(original: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Make `Module.to` work: torch refuses to swap a parameter that anything else refers to."""

    def swap(left: Any, right: Any) -> None:
        if isinstance(left, FakeTensor) and isinstance(right, FakeTensor):
            left.fake_device = right.fake_device
            left.constant = None
            left.data = right.detach()
        else:
            original(left, right)

    return swap


def _address(tensor: Any) -> int:
    """Return a `data_ptr`, equal for tensors that begin at the same element of one storage."""
    with torch._C.DisableTorchFunction():
        start = tensor.untyped_storage()._cdata
        return int(start + tensor.storage_offset() * tensor.element_size())


def _accepting_index(original: Callable[..., Any]) -> Callable[..., Any]:
    """Make `module.to(0)` mean the GPU with that index."""

    def parse(*args: Any, **kwargs: Any) -> Any:
        if args and type(args[0]) is int:
            args = (torch.device("cuda", args[0]), *args[1:])
        return original(*args, **kwargs)

    return parse


def _data_parallel_forward(self: Any, *inputs: Any, **kwargs: Any) -> Any:
    """`DataParallel.forward` on a single GPU."""
    device = self.src_device_obj if self.device_ids else None

    def moved(value: Any) -> Any:
        if isinstance(value, torch.Tensor) and device is not None:
            return value.to(device)
        if isinstance(value, (tuple, list)) and not hasattr(value, "_fields"):
            return type(value)(map(moved, value))
        if isinstance(value, dict):
            return {key: moved(item) for key, item in value.items()}
        return value

    return self.module(*moved(inputs), **moved(kwargs))


def _compile(model: Any = None, **options: Any) -> Any:
    return model if model is not None else lambda function: function


def _replace_autograd() -> None:
    import torch.autograd.graph

    run = backward.engine(torch.autograd.graph._engine_run_backward)
    for module in (torch.autograd.graph, torch.autograd):
        setattr(module, "_engine_run_backward", run)  # noqa: B010 - mypy refuses the plain form
    _replace(torch._C, "_current_graph_task_id", backward.task_id)
    _replace(torch.Tensor, "register_hook", backward.register_hook)
    _replace(torch.Tensor, "retain_grad", backward.retain_grad)


def _simulated_thread(
    original: Callable[[Any], None], enter: Callable[[], Any]
) -> Callable[[Any], None]:
    """Simulate in a further thread: torch's modes are thread-local."""

    def bootstrap(self: Any) -> None:
        with enter():
            original(self)

    return bootstrap


# ---- saved files: kept in memory, since there is no data to write ------------------------------


def _replace_saving() -> None:
    saved: Dict[Any, Any] = {}

    def key_of(file: Any) -> Any:
        return (
            os.path.abspath(os.fspath(file)) if isinstance(file, (str, os.PathLike)) else id(file)
        )

    def save(obj: Any, f: Any, *_: Any, **__: Any) -> None:
        saved[key_of(f)] = (copy.deepcopy(_detached(obj)), f)

    def load(original: Callable[..., Any]) -> Callable[..., Any]:
        def loads(f: Any, map_location: Any = None, *rest: Any, **kwargs: Any) -> Any:
            if key_of(f) not in saved:
                return original(f, map_location, *rest, **kwargs)
            obj = copy.deepcopy(saved[key_of(f)][0])
            return _moved(obj, map_location) if map_location is not None else obj

        return loads

    _replace(torch, "save", lambda original: save)
    _replace(torch, "load", load)


def _detached(value: Any) -> Any:
    if isinstance(value, torch.Tensor) and value.grad_fn is not None:
        return value.detach().requires_grad_()
    if isinstance(value, dict):
        return type(value)((key, _detached(item)) for key, item in value.items())
    if type(value) in (list, tuple):
        return type(value)(map(_detached, value))
    return value


def _moved(value: Any, location: Any) -> Any:
    if isinstance(value, torch.Tensor):
        if isinstance(location, dict):
            location = location.get(str(value.device), value.device)
        elif callable(location):
            location = location(None, str(value.device)) or value.device
        return value.to(location) if isinstance(location, (str, torch.device)) else value
    if isinstance(value, dict):
        return type(value)((key, _moved(item, location)) for key, item in value.items())
    if type(value) in (list, tuple):
        return type(value)(_moved(item, location) for item in value)
    return value


# ---- data loading: samplers draw real numbers, and workers would not be simulated ----------------


def _replace_data_loading() -> None:
    for kind in (sampler.RandomSampler, sampler.SubsetRandomSampler):
        _replace(kind, "__iter__", _drawing_real_numbers)
    _replace(sampler.WeightedRandomSampler, "__iter__", lambda original: _in_order)
    _replace(dataloader.DataLoader, "__init__", _without_workers)
    _replace(dataloader._BaseDataLoaderIter, "__init__", _with_real_tensors)
    split = _with_real_tensors(dataset.random_split)
    for module in (dataset, torch_data):
        setattr(module, "random_split", split)  # noqa: B010


def _with_real_tensors(original: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with fake_tensor.unset_fake_temporarily(), torch._C.DisableTorchFunction():
            return original(*args, **kwargs)

    return call


def _drawing_real_numbers(
    original: Callable[[Any], Iterator[int]],
) -> Callable[[Any], Iterator[int]]:
    return lambda self: iter(_with_real_tensors(lambda: list(original(self)))())


def _in_order(self: Any) -> Iterator[int]:
    state.guesses += 1
    return iter([index % len(self.weights) for index in range(self.num_samples)])


def _without_workers(original: Callable[..., None]) -> Callable[..., None]:
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        args = args[:5]  # dataset, batch_size, shuffle, sampler, batch_sampler
        for name in (
            "num_workers", "prefetch_factor", "persistent_workers", "multiprocessing_context",
            "pin_memory", "timeout",
        ):  # fmt: skip
            kwargs.pop(name, None)
        original(self, *args, **kwargs)

    return initialise
