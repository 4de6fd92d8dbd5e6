import asyncio
import contextlib

import torch


def batches(data, size):
    for start in range(0, len(data), size):
        chunk = data[start : start + size]
        yield chunk


def running_mean():
    total, n = torch.zeros(2), 0
    mean = None
    while True:
        x = yield mean
        if x is None:
            return total
        total = total + x
        n += 1
        mean = total / n


def chained(parts):
    for part in parts:
        got = yield from batches(part, 2)


@contextlib.contextmanager
def scaled(t, factor):
    inner = t * factor
    yield inner


async def fetch(n):
    await asyncio.sleep(0)
    t = torch.ones(n)
    return t


async def stream(n):
    for i in range(1, n):
        item = torch.full((i,), float(i))
        yield item
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def session(w):
    yield w * 2


async def main():
    a = await fetch(2)
    b, c = await asyncio.gather(fetch(3), fetch(4))
    async for piece in stream(4):
        doubled = piece * 2
    got = [p async for p in stream(3)]
    async with session(a) as s:
        r = s + 1
    await fetch(5)
    return r, b, c


data = torch.arange(7.0)
for chunk in batches(data, 3):
    total = chunk.sum()
gen = running_mean()
next(gen)
m = gen.send(torch.ones(2))
m2 = gen.send(torch.tensor([3.0, 5.0]))
try:
    gen.send(None)
except StopIteration as stop:
    final = stop.value
pieces = list(chained([data[:3], data[3:]]))
with scaled(data, 2) as sc, scaled(sc, 3) as sc3:
    both = sc + sc3
r, b, c = asyncio.run(main())
lazy = (t * 2 for t in data)
first = next(lazy)
evens = [t for t in lazy if t % 4 == 0]
