import random

import torch

random.seed(1)
hidden = torch.zeros(2, 3)
for i in range(400):
    x = torch.ones(2, 3 if i < 390 else 1)
    hidden = hidden + x
    if i == 395:
        hidden = hidden.double()
    norm = hidden.norm()
sizes = [random.randint(1, 30) for _ in range(300)]
for n in sizes:
    v = torch.ones(n)
    total = v.sum()
    doubled = torch.cat([v, v])
seq = torch.ones(1, 2)
while len(seq) < 60:
    nxt = seq[-1:] * 1.01
    seq = torch.cat([seq, nxt])


def fib(n):
    if n < 2:
        return torch.ones(1 + n)
    a = fib(n - 1)
    b = fib(n - 2)
    return a.sum() + b


r = fib(8)
acc = 0
for k in range(5000):
    acc += k
final = torch.full((2,), float(acc))
