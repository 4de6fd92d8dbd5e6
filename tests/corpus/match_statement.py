from dataclasses import dataclass

import torch


@dataclass
class Layer:
    kind: str
    weight: torch.Tensor


def describe(v):
    match v:
        case {"a": [x, *rest], **others}:
            return x, rest
        case (a, b) if isinstance(a, torch.Tensor):
            s = a + b
            return s
        case Layer(kind="linear", weight=w):
            return w.T
        case Layer(weight=w) as layer:
            return w
        case torch.Tensor(shape=(n, _)) as t:
            u = t * n
            return u
        case torch.Tensor() as t:
            return t
        case [first, [second, *more]]:
            return second
        case "zero" | "none":
            return torch.zeros(0)
        case str() as name:
            return torch.ones(len(name))
        case _:
            return None


r1 = describe({"a": [torch.ones(2), torch.ones(3)], "b": torch.ones(4)})
r2 = describe((torch.ones(1, 2), torch.ones(2)))
r3 = describe(Layer("linear", torch.ones(3, 5)))
r4 = describe(Layer("conv", torch.ones(7)))
r5 = describe(torch.ones(4, 2))
r6 = describe(torch.ones(4))
r7 = describe([1, [torch.ones(6), torch.ones(1), 3]])
r8 = describe("zero")
r9 = describe("four")
r10 = describe(1.5)
match torch.ones(2), torch.ones(3):
    case p, q:
        o = torch.outer(p, q)
match torch.ones(2):
    case t2 if (k := t2.sum()) > 100:
        pass
    case t3:
        kk = k + t3
