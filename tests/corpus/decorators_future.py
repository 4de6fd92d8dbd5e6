from __future__ import annotations

import functools

import torch

Shape = "tuple[int, ...]"


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)
        return result

    return wrapper


def scale(by):
    def deco(fn):
        def inner(x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = fn(x)
            z: Undefined = y * by
            return z

        return inner

    return deco


@logged
@scale(torch.tensor([2.0, 3.0]))
def double(x: torch.Tensor) -> torch.Tensor:
    return x * 2


@functools.lru_cache(maxsize=None)
def basis(n: int) -> torch.Tensor:
    eye = torch.eye(n)
    return eye


class Model:
    size: int = 3
    bias: torch.Tensor = torch.zeros(size)
    table: dict[str, torch.Tensor] = {"a": bias + 1}
    late: torch.Tensor

    def __init__(self, w: torch.Tensor | None = None, *extra: torch.Tensor, flag: bool = True) -> None:
        self.w: torch.Tensor = torch.ones(self.size) if w is None else w
        self.extra = extra

    @property
    def gain(self) -> torch.Tensor:
        return self.w.abs()

    @gain.setter
    def gain(self, value: torch.Tensor) -> None:
        self.w = value

    @classmethod
    def build(cls, n: int) -> Model:
        return cls(torch.ones(n))

    @staticmethod
    def norm(v: torch.Tensor, p: float = 2.0) -> torch.Tensor:
        return v.norm(p)

    @functools.cached_property
    def heavy(self):
        t = self.w.outer(self.w)
        return t

    def __call__(self, x):
        return self.gain * x

    def __matmul__(self, other):
        return self.w @ other

    def __getitem__(self, k):
        return self.w[k]


annotated: torch.Tensor = torch.ones(1, 2)
only_declared: torch.Tensor
out = double(torch.ones(2))
basis(3), basis(3), basis(4)
m = Model()
m.gain = torch.ones(3) * 4
g = m.gain
n = Model.norm(m.w)
hv = m.heavy
k = Model.build(2)(torch.ones(2))
prod = m @ torch.ones(3)
item = m[1:]
more = Model(torch.ones(1), torch.ones(2), torch.ones(3), flag=False)
many: list[torch.Tensor] = [torch.ones(1)]
