"""Hints of a long training loop while it runs."""

from __future__ import annotations

import asyncio
import re
import time

from .client import Client, text_of
from .environment import BenchmarkEnvironment
from .measure import Figure, Sample, title

_LOOP = """\
import time
import torch
net = torch.nn.Linear(64, 1)
optimizer = torch.optim.SGD(net.parameters(), 0.01)
x = torch.randn(256, 64)
began = time.time()
while time.time() - began < 4:
    loss = net(x).pow(2).mean()
    if net.weight.grad is None:
        print("executed", time.time(), flush=True)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
_LOSS_LINE = 7


async def first_streamed_hint(environment: BenchmarkEnvironment) -> Figure:
    """A loop's hint, after its line was first executed."""
    path = environment.program("streaming", "loop.py", _LOOP)
    times = []
    async with environment.server(path.parent) as client:
        for _ in range(environment.repetitions(15)):
            client.open(path)
            client.output.clear()
            run = asyncio.ensure_future(client.run(path))
            await client.hint_that(path, lambda line, text: line == _LOSS_LINE and "f32" in text)
            shown = time.time()
            executed = await _executed(client)
            times.append((shown - executed) * 1000)
            client.close_document(path)
            await run
    return Figure(title(first_streamed_hint), "ms", Sample.of(times), ceiling=100.0)


async def refreshes_of_a_loop(environment: BenchmarkEnvironment) -> Figure:
    """Refreshes of hints a second, while a loop runs."""
    path = environment.program("streaming", "loop.py", _LOOP)
    rates, losses = [], []
    async with environment.server(path.parent) as client:
        client.open(path)
        for _ in range(environment.repetitions(5, 2)):
            run = asyncio.ensure_future(client.run(path))
            await client.hint_that(path, lambda line, text: line == _LOSS_LINE and "=" in text)
            client.refreshes, started = 0, time.perf_counter()
            seen = await _losses(client, path, until=started + 2.5)
            rates.append(client.refreshes / (time.perf_counter() - started))
            losses.append(len(seen))
            await run
    note = f"{min(losses)} values of the loss or more in 2.5 s"
    return Figure(title(refreshes_of_a_loop), "/s", Sample.of(rates), ceiling=10.0, note=note)


async def _losses(client: Client, path: object, until: float) -> set[str]:
    """Return the texts of the loss's hint, requested at each refresh."""
    seen: set[str] = set()
    while (left := until - time.perf_counter()) > 0:
        client.refreshed.clear()
        for hint in await client.hints(path, _LOSS_LINE, _LOSS_LINE):  # type: ignore[arg-type]
            seen.add(text_of(hint))
        try:
            await asyncio.wait_for(client.refreshed.wait(), left)
        except asyncio.TimeoutError:
            break
    return seen


async def _executed(client: Client) -> float:
    while not (found := re.search(r"executed ([\d.]+)", "".join(client.output))):
        await asyncio.sleep(0.001)
    return float(found[1])


FIGURES = (first_streamed_hint, refreshes_of_a_loop)
