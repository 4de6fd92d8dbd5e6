import collections
import typing
from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field

import torch

Pair = namedtuple("Pair", "x y")


class Batch(typing.NamedTuple):
    inputs: torch.Tensor
    targets: torch.Tensor
    weight: float = 1.0


@dataclass
class State:
    hidden: torch.Tensor
    cell: torch.Tensor
    step: int = 0
    extras: dict = field(default_factory=dict)

    @property
    def both(self):
        return self.hidden, self.cell

    def advance(self):
        h = self.hidden + 1
        return State(h, self.cell, self.step + 1)


@dataclass(frozen=True)
class Frozen:
    t: torch.Tensor


class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next=None):
        self.value = value
        self.next = next


p = Pair(torch.ones(2), torch.zeros(3))
x, y = p
b = Batch(torch.ones(4, 2), torch.arange(4))
inputs, targets, weight = b
s = State(torch.zeros(1, 8), torch.ones(1, 8))
for _ in range(2):
    s = s.advance()
h, c = s.both
s.hidden = torch.zeros(2, 8)
fz = Frozen(torch.ones(1))
node = Node(torch.ones(3), Node(torch.ones(4)))
node.value = torch.ones(5)
while node is not None:
    cur, node = node.value, node.next
empty_list, empty_dict, unit = [], {}, ()
tensors = [torch.ones(n) for n in range(1, 4)]
alike = [torch.ones(2, 2) for _ in range(12)]
nested = [[torch.ones(1)], (torch.ones(2), [torch.ones(3)])]
mixed = [torch.ones(1), 2, "three", None]
by_name = {"w": torch.ones(7, 11), "b": torch.zeros(11)}
by_number = {0: torch.ones(1), 1: torch.ones(2)}
deep = {"layers": [{"w": torch.ones(1)}, {"w": torch.ones(2)}]}
od = OrderedDict(a=torch.ones(1))
dd = collections.defaultdict(list)
dd["k"].append(torch.ones(2))
by_name["w"] = torch.ones(1)
tensors[0] = torch.ones(9)
tensors[-1], by_name["z"] = torch.ones(8), torch.ones(6)
tensors.append(torch.ones(5))
head, *tail = tensors
*init, end = tensors
(one,) = [torch.ones(2)]
[two, (three, four)] = torch.ones(2), (torch.ones(3), torch.ones(4))
for i, (k, v) in enumerate(by_name.items()):
    scaled = v * i
for a, (bb, *cc) in [(1, tensors), (2, [torch.ones(1)])]:
    pass
swapped = two, three = three, two
ret = torch.max(torch.ones(2, 3), dim=1)
shape = ret.values.shape
sizes = torch.Size([1, 2])
dq = collections.deque([torch.ones(1)])
counts = collections.Counter("aab")
group = zip(tensors, tensors)
for left, right in group:
    prod = left * right
print(len(tensors), shape, one.shape)
