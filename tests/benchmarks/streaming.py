"""Hints of a long training loop, while it runs."""

from __future__ import annotations

import asyncio
import re
import time

from .client import Client, text_of
from .measure import Figure, Sample
from .surroundings import Surroundings

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


async def first_streamed_hint(here: Surroundings) -> Figure:
    """A loop's hint, after its line was first executed"""
    path = here.program("streaming", "loop.py", _LOOP)
    times = []
    async with here.server(path.parent) as client:
        for _ in range(here.repetitions(15)):
            client.open(path)
            client.output.clear()
            run = asyncio.ensure_future(client.run(path))
            await client.hint_that(path, lambda line, text: line == _LOSS_LINE and "f32" in text)
            shown = time.time()
            executed = await _executed(client)
            times.append((shown - executed) * 1000)
            client.close_document(path)
            await run
    return Figure(first_streamed_hint.__doc__ or "", "ms", Sample.of(times), ceiling=100.0)


async def refreshes_of_a_loop(here: Surroundings) -> Figure:
    """Refreshes of hints a second, while a loop runs"""
    path = here.program("streaming", "loop.py", _LOOP)
    rates, losses = [], []
    async with here.server(path.parent) as client:
        client.open(path)
        for _ in range(here.repetitions(5, 2)):
            run = asyncio.ensure_future(client.run(path))
            await client.hint_that(path, lambda line, text: line == _LOSS_LINE and "=" in text)
            client.refreshes, started = 0, time.perf_counter()
            seen = await _losses(client, path, until=started + 2.5)
            rates.append(client.refreshes / (time.perf_counter() - started))
            losses.append(len(seen))
            await run
    note = f"{min(losses)} values of the loss or more in 2.5 s"
    return Figure(
        refreshes_of_a_loop.__doc__ or "", "/s", Sample.of(rates), ceiling=10.0, note=note
    )


async def _losses(client: Client, path: object, until: float) -> set[str]:
    """What the hint of the loss has said, asked for at each refresh."""
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
