"""How a run failed: the exact place, the operation there, and what its operands were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from .locations import Span
from .values import Value


@dataclass(frozen=True)
class Operand:
    """One operand: its source text and what it held.

    `role`: `left`, `right`, `self`, `callee`, `argument`, `keyword`, `base`, `index`, `target`.
    `keyword` is the argument's name for role `keyword`. `value` is `None` where it is not known
    without running code again. `exact` is false where the value stems from an earlier pass.
    """

    role: str
    text: str
    value: Optional[Value]
    keyword: Optional[str] = None
    exact: bool = True


@dataclass(frozen=True)
class Operation:
    """The failing expression. `kind`: `binary`, `augmented`, `call`, `method`, `subscript`,
    `compare`, `attribute`, `other`. `name` is the operator (`@`, `+=`), the callee as written
    (`torch.cat`) or the method's or attribute's name (`view`). `callee` is the qualified name of
    what was called where it is known (`torch.nn.functional.cross_entropy`, `torch.nn.Linear`).
    """

    kind: str
    name: str
    text: str
    operands: Tuple[Operand, ...]
    callee: Optional[str] = None


@dataclass(frozen=True)
class InnerCall:
    """A module inside torch on the way to the error: its path, its repr, the tensor it got."""

    path: str
    module: str
    received: Optional[Value]


@dataclass(frozen=True)
class Frame:
    """A frame of the user's own code; `source` is the text of its line."""

    path: str
    function: str
    span: Span
    source: str


@dataclass(frozen=True)
class Holder:
    """A name that holds `nbytes` of a device's memory: a tensor, a module with its parameters, a
    container. `function` is whose variable it is, empty for the top level. What an earlier holder
    has already does not count.
    """

    name: str
    function: str
    device: str
    nbytes: int
    value: Value


@dataclass(frozen=True)
class Failure:
    """An exception that ended the run. `frames` are the user's own, outermost first; the last is
    where it was raised or where it left the user's code. `path` and `span` are that last place.
    Where memory ran out, `memory_of` is the device's (`cpu`, `cuda:0`), and `holders` are the names
    that held most of it.
    """

    exception: str
    message: str
    path: str
    span: Span
    frames: Tuple[Frame, ...]
    operation: Optional[Operation]
    inside: Tuple[InnerCall, ...]
    user_message: Optional[str] = None
    memory_of: Optional[str] = None
    holders: Tuple[Holder, ...] = ()


@dataclass(frozen=True)
class SyntaxProblem:
    """Text that the user's Python cannot parse: its own message, and where."""

    path: str
    message: str
    span: Span
