"""Rules for Python's own errors on tensors: unknown names, and calls that do not fit."""

from __future__ import annotations

import difflib
import re

from tensorhints.present.cases import Case
from tensorhints.present.vocabulary import FUNCTION_NAMES, MODULE_NAMES, TENSOR_NAMES

from .reasons import Reason, source

_NO_ATTRIBUTE = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_NO_MEMBER = re.compile(r"module '(torch[\w.]*)' has no attribute '(\w+)'")
_NO_NAME = re.compile(r"name '(\w+)' is not defined")
_COMBINATION = re.compile(
    r"^(\w+)\(\) received an invalid combination of arguments - got \((.*?)\), but expected", re.S
)
_NOT_CALLABLE = re.compile(r"'(\w*Tensor|Parameter)' object is not callable")
_ALIASES = {"np": "numpy", "nn": "torch.nn", "F": "torch.nn.functional", "plt": "matplotlib.pyplot"}
_MODULES = {"torch": FUNCTION_NAMES, "torch.nn": MODULE_NAMES}


def missing_attribute(case: Case) -> Reason | None:
    """An attribute that does not exist, with a close match if there is one."""
    if case.failure.exception.rpartition(".")[2] != "AttributeError":
        return None
    found = _NO_ATTRIBUTE.search(case.message)
    if found is not None:
        kind, name = found.groups()
        if kind == "NoneType":
            return Reason("explain.attribute-of-none", {"attribute": source(name)})
        if kind in ("Tensor", "Parameter"):
            return _close("explain.attribute", name, TENSOR_NAMES, {"type": kind})
        return Reason("explain.attribute", {"attribute": source(name), "type": source(kind)})
    found = _NO_MEMBER.search(case.message)
    if found is not None:
        module, name = found.groups()
        return _close("explain.member", name, _MODULES.get(module, ()), {"module": module})
    return None


def invalid_combination(case: Case) -> Reason | None:
    """Arguments that fit none of a function's signatures.

    torch lists all signatures; the detail keeps them.
    """
    found = _COMBINATION.search(case.message)
    if found is None:
        return None
    function, given = found.groups()
    return Reason("explain.combination", {"function": function, "given": source(given, 80)})


def tensor_called(case: Case) -> Reason | None:
    """A tensor that is called like a function."""
    if _NOT_CALLABLE.search(case.message) is None:
        return None
    return Reason("explain.tensor-called")


def missing_import(case: Case) -> Reason | None:
    """A name that a missing import would define."""
    found = _NO_NAME.search(case.message)
    if found is None or case.failure.exception != "NameError":
        return None
    name = found.group(1)
    if name in ("torch", *_ALIASES):
        module = _ALIASES.get(name)
        line = f"import {name}" if module is None else f"import {module} as {name}"
        return Reason("explain.missing-import", {"name": name, "line": line})
    return None


def _close(code: str, name: str, known: tuple[str, ...], fields: dict[str, object]) -> Reason:
    fields = {"attribute": source(name), **fields}
    matches = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    if not matches:
        return Reason(code, fields)
    return Reason(f"{code}-close", {**fields, "close": matches[0]})


RULES = (missing_attribute, invalid_combination, tensor_called, missing_import)
