"""The dispatch mode of a simulated run: FakeTensor, with guesses where it cannot tell a result."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, Mapping, Optional, Sequence, Set, Tuple

import torch
from torch._subclasses import fake_tensor
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode

from . import mixed_devices, output_guesses, real_errors, taint
from .branch_answers import NeedsRealValues, branch_answers, program_frame
from .taint import SIZE, VALUE, state

KNOWN_NUMBERS = 1024
"""The most elements of a tensor whose values stay known: torch then computes with them."""

_LIKELY_RESULTS = {"isnan": False, "isinf": False, "any": False, "all": True, "isfinite": True}
_LIKELY_TRUTH = ".tensorhints.likely"

_ATEN = torch.ops.aten
_FACTORIES = frozenset(
    (
        _ATEN.arange.default, _ATEN.arange.start, _ATEN.arange.start_step, _ATEN.zeros.default,
        _ATEN.ones.default, _ATEN.full.default, _ATEN.eye.default, _ATEN.eye.m,
        _ATEN.linspace.default,
    )
)  # fmt: skip
"""Functions that create tensors whose values are known from their arguments."""

_SCALARS = frozenset(("_local_scalar_dense", "item"))
_LIST_OPERATIONS = ("_foreach_", "_fused_", "_amp_")

_UNKNOWN_RESULT = (
    fake_tensor.DataDependentOutputException,
    fake_tensor.DynamicOutputShapeException,
)
_UNSUPPORTED = (
    fake_tensor.UnsupportedFakeTensorException,
    fake_tensor.UnsupportedOperatorException,
    fake_tensor.UnsupportedMutationAliasingException,
)


class Simulation(FakeTensorMode):  # type: ignore[misc]
    """A FakeTensorMode that guesses results which depend on values, and marks what depends on them.

    The values of small tensors on the CPU stay known as torch's `constant`s.
    """

    def __init__(self) -> None:
        super().__init__(allow_non_fake_inputs=True)
        self.allow_meta = True
        self._index_of_one = False
        self._shared: Set[int] = set()

    @property
    def avoid_device_init(self) -> bool:
        """Make FakeTensorMode never initialise a device."""
        return True

    def dispatch(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Optional[Mapping[str, Any]] = None,
    ) -> Any:
        """Handle one operation. Called by FakeTensorMode."""
        # Calls of torch functions in here are not calls of the program.
        with torch._C.DisableTorchFunction():
            return self._computed(func, types, args, kwargs or {})

    def _computed(self, func: Any, types: Sequence[type], args: Any, kwargs: Any) -> Any:
        before, name = state.guesses, _name(func)
        guessed, missed = False, None
        if name.startswith("quantize_"):
            raise NeedsRealValues(name)  # FakeTensor returns a wrong dtype
        if func in _FACTORIES and _is_small_on_cpu(args, kwargs):
            with fake_tensor.unset_fake_temporarily():
                real = func(*args, **kwargs)
            return self.from_real(real)
        mixed_devices.check(name, args, kwargs)
        if name.startswith(_LIST_OPERATIONS) and not _all_known(args):
            self.forget(args)  # torch invalidates only tensors that are not in lists
        try:
            result = super().dispatch(func, types, args, kwargs)
            missed = real_errors.missed_error(func, args, kwargs)
        except fake_tensor.FakeTensorDeviceMismatchError as error:
            # Real hardware raises a plain RuntimeError.
            raise RuntimeError(str(error)) from None
        except _UNKNOWN_RESULT as error:
            result, guessed = self._guessed(name, args, kwargs, error)
        except (*_UNSUPPORTED, NotImplementedError) as error:
            empty_outputs = output_guesses.EMPTY_OUTPUTS.get(name)
            if empty_outputs is None:
                if self.forget((args, kwargs)):
                    return self._computed(func, types, args, kwargs)
                raise NeedsRealValues(name) from error
            result = empty_outputs(self, *args, **kwargs)
        except (RuntimeError, IndexError, TypeError, ValueError, AssertionError) as error:
            raise real_errors.real_error(error, func, args, kwargs) from None
        if missed is not None:
            raise missed
        if before or guessed:
            mark = 0
            if guessed:
                mark = VALUE if _keeps_sizes(name) else SIZE | VALUE
            _mark_result(name, args, kwargs, result, mark)
        _set_likely_truth(func, args, result)
        return result

    def _guessed(self, name: str, args: Any, kwargs: Any, error: Exception) -> Tuple[Any, bool]:
        """Guess the result of an operation. Return it, and whether a guess was needed at all."""
        before = state.guesses
        if name in _SCALARS:
            state.guesses += 1
            result = self.number(*args, **kwargs)
        else:
            guess = output_guesses.GUESSES.get(name)
            if guess is None:
                raise NeedsRealValues(name) from error
            result = guess(self, *args, **kwargs)
        return result, state.guesses != before

    def forget(self, args: Any) -> bool:
        """Forget the known values of these tensors. Return whether any were known."""
        known = [
            leaf
            for leaf in taint.leaves(args)
            if isinstance(leaf, FakeTensor) and leaf.constant is not None
        ]
        if self._shared:
            self._taint_if_shared([tensor.constant for tensor in known], ())
        for tensor in known:
            if tensor.constant is not None:  # else an alias of it was invalidated before
                self.fake_tensor_converter.invalidate_constant_aliases(tensor.constant)
        return bool(known)

    def share(self, tensor: Any) -> None:
        """Note that a tensor's known values share memory with an array of the program."""
        if tensor.constant is not None:
            self._shared.add(tensor.constant.untyped_storage()._cdata)

    def invalidate_written_to_constants(self, func: Any, tensors: Any, *rest: Any) -> None:
        """Taint the run too if values that an array shares are lost. Called by FakeTensorMode."""
        before = [tensor.constant for tensor in tensors if tensor.constant is not None]
        super().invalidate_written_to_constants(func, tensors, *rest)
        if self._shared:
            self._taint_if_shared(before, tensors)

    def _taint_if_shared(self, constants: Sequence[Any], tensors: Sequence[Any]) -> None:
        kept = {id(tensor.constant) for tensor in tensors}
        for constant in constants:
            shared = constant.untyped_storage()._cdata in self._shared
            if shared and id(constant) not in kept:
                state.set_tainted()  # the array is not updated

    def from_array(self, tensor: Any) -> Any:
        """Return a simulated tensor for one that shares an array's memory."""
        with torch._C.DisableTorchFunction():
            made = self.from_real(tensor, copied=False)
        if isinstance(made, FakeTensor):
            self.share(made)
        return made

    def from_real(self, tensor: Any, copied: bool = True) -> Any:
        """Return a simulated tensor for a real one. Its values stay known if there are few."""
        if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
            return tensor
        few = tensor.numel() <= KNOWN_NUMBERS and tensor.layout is torch.strided
        if few and tensor.device.type == "cpu" and not tensor.requires_grad:
            return self.fake_tensor_converter.from_real_tensor(
                self, tensor.clone() if copied else tensor, make_constant=True
            )
        return self.from_tensor(tensor)

    def compute(self, func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Call a function on the known values of its first argument."""
        tensor, *rest = args
        constant = tensor.constant
        with fake_tensor.unset_fake_temporarily():
            if tensor.requires_grad:
                constant = constant.detach().requires_grad_()
            return func(constant, *rest, **kwargs)

    def likely(self, tensor: Any) -> bool:
        """Return the likely truth of an unknown boolean: of `isnan` it is false, for example."""
        return bool(object.__getattribute__(tensor, "__dict__").get(_LIKELY_TRUTH, True))

    @contextmanager
    def called_from(self, func: Any) -> Iterator[None]:
        """Guess 0 for numbers while `func` indexes a tensor: every tensor has that index."""
        before = self._index_of_one
        self._index_of_one = func in (torch.Tensor.__getitem__, torch.Tensor.__setitem__)
        try:
            yield
        finally:
            self._index_of_one = before

    def number(self, tensor: Any) -> Any:
        """Return a number for a tensor with one element whose value is unknown."""
        if tensor.dtype is torch.bool:
            return branch_answers.truth(self.likely(tensor))
        own = program_frame() is None or self._index_of_one
        if tensor.is_complex():
            return 1 + 0j
        if tensor.is_floating_point():
            return 0.0 if own else 1.0
        return 0 if self._index_of_one else 1


def _is_small_on_cpu(args: Any, kwargs: Mapping[str, Any]) -> bool:
    device = kwargs.get("device")
    if device is not None and device.type != "cpu":
        return False
    count = 1
    for number in taint.leaves(args):
        if isinstance(number, (int, float)):
            count *= max(1, int(abs(number)))
    return count <= KNOWN_NUMBERS and kwargs.get("layout") in (None, torch.strided)


def _all_known(args: Any) -> bool:
    return all(
        leaf.constant is not None for leaf in taint.leaves(args) if isinstance(leaf, FakeTensor)
    )


def _name(func: Any) -> str:
    packet = getattr(func, "overloadpacket", None)
    return str(getattr(packet, "__name__", func))


def _keeps_sizes(name: str) -> bool:
    """Whether the result always has the sizes of the first operand."""
    return name.endswith("_") or name in ("index_put", "masked_fill", "masked_scatter")


def _mark_result(name: str, args: Any, kwargs: Any, result: Any, mark: int) -> None:
    """Mark the tensors in a result with `mark` and the marks of the operands."""
    marked = [taint.mark_of(leaf) for leaf in taint.leaves((args, kwargs)) if _is_tensor(leaf)]
    if _keeps_sizes(name) and marked:
        mark |= marked[0] | (VALUE if any(marked) else 0)
    else:
        for other in marked:
            mark |= other
    if mark:
        for leaf in taint.leaves(result):
            if _is_tensor(leaf):
                taint.add_mark(leaf, mark)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


def _set_likely_truth(func: Any, args: Any, result: Any) -> None:
    if type(result) is not FakeTensor or result.dtype is not torch.bool:
        return
    likely = _LIKELY_RESULTS.get(_name(func))
    if likely is None and args and isinstance(args[0], FakeTensor):
        likely = args[0].__dict__.get(_LIKELY_TRUTH)
    if likely is not None:
        result.__dict__[_LIKELY_TRUTH] = likely
