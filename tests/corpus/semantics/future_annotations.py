"""Doc stays first."""
from __future__ import annotations

import dataclasses
import inspect
import typing


def f(a: Undefined, b: int | str = 1, *c: "quoted", d: list[Later] = None) -> Nowhere:
    x: AlsoUndefined = a
    return x


@dataclasses.dataclass
class Later:
    value: int
    children: list[Later] = dataclasses.field(default_factory=list)
    k: typing.ClassVar[int] = 3


class Model:
    w: Missing
    v: int = 1 + 1


u: Never.seen = 3
print(f.__annotations__, __doc__)
print(inspect.signature(f), f(1))
print(typing.get_type_hints(Later), Later(1), Model.__annotations__, Model.v)
print(__annotations__)
try:
    typing.get_type_hints(f)
except NameError as error:
    print(error)
