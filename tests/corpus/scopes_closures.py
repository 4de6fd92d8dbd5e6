import functools
import operator

import torch

counter = torch.zeros(1)
registry = {}


def bump():
    global counter, created
    counter = counter + 1
    created = torch.ones(2, 2)
    for counter in (counter, counter * 2):
        pass


def make(w):
    bias = torch.zeros(w.shape[0])
    calls = 0

    def apply(x):
        nonlocal calls, bias
        calls += 1
        bias = bias + 1
        inner = lambda t, b=bias: t @ w.T + b
        return inner(x)

    return apply


class Outer:
    base = torch.arange(3.0)
    scaled = base * 2
    rows = [part + 1 for part in base]
    if True:
        conditional = base.sum()
    for loop_var in base:
        pass

    class Inner:
        deep = torch.ones(4)

        def method(self, x):
            __private = x + self.deep
            self.__hidden = __private * 2
            return self.__hidden

    def method(self):
        def local():
            return self.base + __class__.base

        return local()


bump()
bump()
f = make(torch.ones(2, 3))
r = f(torch.ones(5, 3))
r = f(torch.ones(3))
i = Outer.Inner().method(torch.ones(4))
o = Outer().method()
square = lambda t: t * t
sq = square(torch.ones(2))
compose = functools.reduce(lambda acc, m: acc @ m, [torch.ones(2, 3), torch.ones(3, 4), torch.ones(4, 1)])
table = list(map(lambda t, s=torch.ones(1): t + s, torch.ones(2, 2)))
part = functools.partial(torch.full, (2, 2))
filled = part(1.0)
ops = {"add": operator.add, "mul": lambda a, b: a * b}
results = {name: op(torch.ones(2), torch.ones(2)) for name, op in ops.items()}
grid = [[torch.ones(i, j) for j in range(1, 3)] for i in range(1, 3)]
flat = [t for row in grid for t in row if (n := t.numel()) > 1]
pairs = {(i, j): t for i, row in enumerate(grid) for j, t in enumerate(row)}
sets = {t.dim() for t in flat}
total = sum(t.sum() for t in flat)
if (w := torch.ones(3)) is not None and (v := w * 2).sum() > 1:
    u = v
while (left := w.sum()) > 1:
    w = w[:-1]
sorted_by = sorted(flat, key=lambda t: t.numel())
del u
try:
    torch.ones(2) @ torch.ones(3)
except RuntimeError as error:
    fallback = torch.ones(1)
finally:
    done = torch.ones(2)
try:
    ok = torch.ones(3)
except ValueError:
    never = torch.ones(9)
else:
    also = ok + 1
for attempt in range(3):
    if attempt == 1:
        continue
    kept = torch.ones(attempt + 1)
    if attempt == 2:
        break
else:
    unreachable = torch.ones(100)
cond = torch.ones(1) if total > 0 else torch.ones(2, 2)
either = None or torch.ones(4)
both = cond is not None and torch.ones(5)
text = f"{cond.shape} {(fs := torch.ones(6)).shape}"
