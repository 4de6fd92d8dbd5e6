"""The words for the outcome of a lesson's check. Clients receive them too: see docs/protocol.md."""

from __future__ import annotations

from typing import Final, Literal, Tuple, Union, get_args

VerdictWord = Literal["not_attempted", "incorrect", "correct", "error_in_your_code", "cannot_check"]
VERDICTS: Tuple[VerdictWord, ...] = get_args(VerdictWord)

NOT_ATTEMPTED: Final = "not_attempted"
INCORRECT: Final = "incorrect"
CORRECT: Final = "correct"
ERROR_IN_YOUR_CODE: Final = "error_in_your_code"
CANNOT_CHECK: Final = "cannot_check"

DifferenceKind = Literal[
    "missing", "type", "rank", "shape", "dtype", "device", "requires_grad", "values"
]
"""The first difference between a value and what a check expects, in the order of comparison."""

MISSING: Final = "missing"
TYPE: Final = "type"
RANK: Final = "rank"
SHAPE: Final = "shape"
DTYPE: Final = "dtype"
DEVICE: Final = "device"
REQUIRES_GRAD: Final = "requires_grad"
VALUES: Final = "values"

ErrorKind = Literal["exception", "endless", "crashed", "out_of_memory"]
"""The failure of the learner's code. `endless`: it did not end within the time limit."""

NotCheckedKind = Literal["broken", "crashed", "timeout", "simulated", "stopped"]
"""Why a check has no result. `broken`: its own code is wrong. `crashed`: its process died.
`simulated`: a simulated run has no values. `stopped`: the run ended before its checks.
"""

VerdictKind = Union[DifferenceKind, ErrorKind, NotCheckedKind]
