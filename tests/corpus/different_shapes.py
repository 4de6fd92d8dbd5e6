import torch


def attend(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    w = scores.softmax(-1)
    return w @ v


def pad_to(x, n, *, value=0.0):
    missing = n - x.shape[0]
    if missing <= 0:
        return x[:n]
    filler = torch.full((missing, *x.shape[1:]), value)
    return torch.cat([x, filler])


def anything(x):
    return x


for n in (2, 5, 9):
    q = torch.randn(n, 8)
    out = attend(q, q, q)
    m = torch.ones(n, n, dtype=torch.bool).tril()
    out = attend(q, q, q, mask=m)
batched = attend(torch.randn(2, 3, 4, 8), torch.randn(2, 3, 6, 8), torch.randn(2, 3, 6, 8))
for length in range(1, 7):
    padded = pad_to(torch.ones(length, 2), 4)
for thing in (torch.ones(2), 3, "text", None, torch.ones(2, dtype=torch.int8), [torch.ones(1)], (1, 2)):
    same = anything(thing)
scale = torch.tensor(2.0)
total = 0
for size in [1, 2, 3]:
    total = torch.ones(size, 1) + total * 0 if size == 1 else torch.ones(1, size) * 2
    scale = scale * total.sum()
