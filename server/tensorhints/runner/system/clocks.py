"""Lets the clocks of a resumed run continue where they stood at its checkpoint.

Python reads clocks by built-in functions, to which a program may hold references of its own
(`from time import perf_counter`). So these function objects change, in place: each calls a
replacement that adds an offset. Nothing changes in a run that has not resumed. Only for CPython on
Linux.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from dataclasses import dataclass
from types import BuiltinFunctionType, ModuleType
from typing import Any, Callable, Dict, List, Mapping, Sequence, Tuple

_CLOCKS = (
    "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME",
    "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID",
)  # fmt: skip
_MONOTONIC_COARSE = 6
"""A clock to which `time` gives no name."""

_USERS = (0, -1, 1)
"""What `getrusage` accounts for: this process, its children, this thread."""

_CLOCK_OF = {
    "monotonic": "CLOCK_MONOTONIC",
    "perf_counter": "CLOCK_MONOTONIC",
    "process_time": "CLOCK_PROCESS_CPUTIME_ID",
    "thread_time": "CLOCK_THREAD_CPUTIME_ID",
}
_NS_PER_SECOND = 1e9


class ClockError(Exception):
    """This Python's function objects do not look as expected."""


def _functions() -> Dict[str, Any]:
    """Return the functions that read the clocks which continue, before a program replaces any."""
    if not sys.platform.startswith("linux"):
        return {}
    import resource

    names = [*_CLOCK_OF, *(f"{name}_ns" for name in _CLOCK_OF), "clock_gettime", "clock_gettime_ns"]
    return {
        **{name: getattr(time, name) for name in names},
        "times": os.times,
        "getrusage": resource.getrusage,
    }


_functions_by_name = _functions()
_read_wall_ns = time.time_ns

_raw: Dict[str, Any] = {}
"""Duplicates of the functions as they were; empty unless this process or one above it resumed."""

_offsets: Dict[int, int] = {}
_times_offsets: List[float] = []
_usage_offsets: Dict[int, Tuple[float, float]] = {}


@dataclass(frozen=True)
class ClockReadings:
    """What the clocks of a run said at one moment.

    `by_id` are nanoseconds by the clock's id, `times` are the seconds of `os.times`, `usage` those
    of user and system time of `resource.getrusage`, and `wall_ns` is the wall clock.
    """

    by_id: Mapping[int, int]
    times: Sequence[float]
    usage: Mapping[int, Tuple[float, float]]
    wall_ns: int

    @classmethod
    def now(cls) -> ClockReadings:
        """Read the clocks as the program does."""
        read = _functions_by_name
        by_id = {number: read["clock_gettime_ns"](number) for number in _ids()}
        usage = {who: tuple(read["getrusage"](who)[:2]) for who in _USERS}
        return cls(by_id, tuple(read["times"]()), usage, _read_wall_ns())

    def resume(self) -> int:
        """Let all clocks but the wall clock continue from here.

        Returns how far the wall clock has gone on meanwhile, in nanoseconds. Raises `ClockError`.
        """
        if not _raw:
            _replace()
        for number, reading in self.by_id.items():
            _offsets[number] = reading - _raw["clock_gettime_ns"](number)
        _times_offsets[:] = [then - now for then, now in zip(self.times, _raw["times"]())]
        for who, (user, system) in self.usage.items():
            used = _raw["getrusage"](who)
            _usage_offsets[who] = (user - used[0], system - used[1])
        return _read_wall_ns() - self.wall_ns


def _ids() -> List[int]:
    return [*(getattr(time, name) for name in _CLOCKS if hasattr(time, name)), _MONOTONIC_COARSE]


# ---- what is called instead: methods of the functions' owners ------------------------------------


def _read_ns(number: int) -> Callable[[Any], int]:
    raw, offsets = _raw["clock_gettime_ns"], _offsets

    def read(owner: Any) -> int:
        return raw(number) + offsets[number]  # type: ignore[no-any-return]

    return read


def _read_seconds(number: int) -> Callable[[Any], float]:
    raw, offsets = _raw["clock_gettime_ns"], _offsets

    def read(owner: Any) -> float:
        return (raw(number) + offsets[number]) / _NS_PER_SECOND  # type: ignore[no-any-return]

    return read


def _clock_gettime_ns(owner: Any, number: int) -> int:
    return _raw["clock_gettime_ns"](number) + _offsets.get(number, 0)  # type: ignore[no-any-return]


def _clock_gettime(owner: Any, number: int) -> float:
    if number not in _offsets:
        return _raw["clock_gettime"](number)  # type: ignore[no-any-return]
    return _clock_gettime_ns(owner, number) / _NS_PER_SECOND


def _times(owner: Any) -> Any:
    raw = _raw["times"]()
    return type(raw)(value + offset for value, offset in zip(raw, _times_offsets))


def _getrusage(owner: Any, who: int) -> Any:
    used = _raw["getrusage"](who)
    user, system = _usage_offsets.get(who, (0.0, 0.0))
    return type(used)((used[0] + user, used[1] + system, *used[2:]))


def _replace() -> None:
    for name, function in _functions_by_name.items():
        _raw[name] = _duplicate(function)
    replacements: Dict[str, Callable[..., Any]] = {
        "clock_gettime": _clock_gettime,
        "clock_gettime_ns": _clock_gettime_ns,
        "times": _times,
        "getrusage": _getrusage,
    }
    for name, clock in _CLOCK_OF.items():
        number = getattr(time, clock)
        replacements[name], replacements[f"{name}_ns"] = _read_seconds(number), _read_ns(number)
    for name, replacement in replacements.items():
        _redirect(_functions_by_name[name], replacement)


# ---- function objects of CPython (Include/methodobject.h) ----------------------------------------


class _MethodDef(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    ]


class _BuiltinFunction(ctypes.Structure):
    _fields_ = [
        ("header", ctypes.c_char * object.__basicsize__),
        ("definition", ctypes.POINTER(_MethodDef)),
        ("owner", ctypes.c_void_p),
    ]


def _owner(function: Any, replacement: Callable[..., Any]) -> ModuleType:
    """Return what stands for the module of a function, which gets it as its first argument.

    It does what `replacement` does, called or subscripted.
    """
    methods = {"__call__": replacement, "__getitem__": replacement}
    kind = type(ModuleType.__name__, (ModuleType,), methods)
    return kind(function.__module__)  # type: ignore[no-any-return]


_CALLERS = {1: "PyObject_CallObject", 4: "PyObject_CallNoArgs", 8: "PyObject_GetItem"}
"""C functions that do as a function of these flags (METH_VARARGS, METH_NOARGS, METH_O) has to.

They take the owner and what the function takes. `PyObject_CallOneArg` does not exist before 3.11.
"""

_kept: List[_MethodDef] = []


def _layout(function: Any) -> Any:
    """Return a function's memory. Raises `ClockError`."""
    found = _BuiltinFunction.from_address(id(function))
    if type(function) is not BuiltinFunctionType or found.owner != id(function.__self__):
        raise ClockError(function.__name__)
    definition = found.definition.contents
    if definition.name != function.__name__.encode() or definition.flags not in _CALLERS:
        raise ClockError(function.__name__)
    return found


def _duplicate(function: Any) -> Any:
    """Return a function that does the same. Raises `ClockError`."""
    create = ctypes.pythonapi.PyCFunction_NewEx
    create.restype = ctypes.py_object
    create.argtypes = [ctypes.POINTER(_MethodDef), ctypes.py_object, ctypes.py_object]
    return create(_layout(function).definition, function.__self__, function.__module__)


def _redirect(function: Any, replacement: Callable[..., Any]) -> None:
    """Let a function object call another function, with unchanged name, text and identity."""
    found = _layout(function)
    old = found.definition.contents
    caller = getattr(ctypes.pythonapi, _CALLERS[old.flags])
    address = ctypes.cast(caller, ctypes.c_void_p).value
    new = _MethodDef(old.name, address, old.flags, old.doc)
    _kept.append(new)
    owner = _owner(function, replacement)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(owner))  # The function refers to it from now on.
    found.owner = id(owner)
    found.definition = ctypes.pointer(new)
