"""Memory of the processes, and their activity while the user is idle."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from . import processes
from .client import Client, running
from .environment import JEDI, BenchmarkEnvironment
from .measure import Figure, Reference, Sample, title

QUIET_SECONDS = 3.0
IDLE_SECONDS = 20.0

_HOLDS_A_GIGABYTE = """\
import os, time, torch
held = torch.ones(256 * 1024 * 1024)
def work(seconds):
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass
"""
_PSS = """\
print("megabytes", [int(l.split()[1]) / 1024 for l in open("/proc/self/smaps_rollup")
    if l.startswith("Pss:")][0], flush=True)
"""


async def memory_of_the_server(environment: BenchmarkEnvironment) -> Figure:
    """Memory of the server, a lesson open and shown."""
    ours, theirs = [], []
    for _ in range(environment.repetitions(5)):
        lesson = environment.lesson("memory")
        async with environment.server(lesson.parent) as client:
            client.open(lesson)
            await client.run(lesson)
            await client.hints(lesson)
            ours.append(processes.megabytes(client.pid))
        async with running(JEDI, lesson.parent, environment.variables) as client:
            await client.initialize(lesson.parent, None)
            client.open(lesson)
            await client.request(
                "textDocument/documentSymbol", {"textDocument": {"uri": lesson.as_uri()}}
            )
            theirs.append(processes.megabytes(client.pid))
    reference = Reference("jedi-language-server", Sample.of(theirs), 1.5)
    return Figure(title(memory_of_the_server), "MB", Sample.of(ours), (reference,))


async def memory_of_the_host(environment: BenchmarkEnvironment) -> Figure:
    """Memory of the warm host, idle."""
    ours, torch = [], []
    for _ in range(environment.repetitions(5)):
        lesson = environment.lesson("memory")
        async with environment.server(lesson.parent, checkpoints=False) as client:
            client.open(lesson)
            await client.run(lesson)
            (host,) = processes.children(client.pid)
            ours.append(processes.megabytes(host))
        torch.append(await asyncio.to_thread(_plain, environment, f"import torch\n{_PSS}"))
    reference = Reference("import torch", Sample.of(torch), 1.2)
    return Figure(title(memory_of_the_host), "MB", Sample.of(ours), (reference,))


async def memory_of_checkpoints(environment: BenchmarkEnvironment) -> Figure:
    """Memory of 8 checkpoints of a program that holds 1 GB."""
    steps = "".join(f"step_{n} = work(0.6)\n" for n in range(12))
    path = environment.program("gigabyte", "program.py", _HOLDS_A_GIGABYTE + steps)
    ours, plain, checkpoints = [], [], []
    for _ in range(environment.repetitions(3, 1)):
        async with environment.server(path.parent) as client:
            client.open(path)
            await client.run(path)
            (host,) = processes.children(client.pid)
            family = processes.family(host)
            checkpoints.append(len(family) - 1)
            ours.append(sum(map(processes.megabytes, family)))
        plain.append(await asyncio.to_thread(_plain, environment, _HOLDS_A_GIGABYTE + _PSS))
    reference = Reference("the program once", Sample.of(plain), 1.3)
    note = f"{min(checkpoints)} checkpoints, and the host"
    return Figure(title(memory_of_checkpoints), "MB", Sample.of(ours), (reference,), note=note)


async def idle_wake_ups(environment: BenchmarkEnvironment) -> Figure:
    """Idle: wake-ups a second, server and host together."""
    woken, _ = await _idle(environment)
    return Figure(title(idle_wake_ups), "/s", Sample.of(woken), ceiling=1.0)


async def idle_time(environment: BenchmarkEnvironment) -> Figure:
    """Idle: processor time, server and host together."""
    _, busy = await _idle(environment)
    return Figure(title(idle_time), "%", Sample.of(busy), ceiling=0.0)


async def _idle(environment: BenchmarkEnvironment) -> tuple[list[float], list[float]]:
    """Return wake-ups per second and per cent of one processor, once a lesson has been run."""
    lesson = environment.lesson("idle")
    woken, busy = [], []
    async with environment.server(lesson.parent) as client:
        client.open(lesson)
        await client.run(lesson)
        await client.hints(lesson)
        await asyncio.sleep(QUIET_SECONDS)
        for _ in range(environment.repetitions(3, 1)):
            before = _spent(client)
            await asyncio.sleep(IDLE_SECONDS)
            after = _spent(client)
            woken.append((after[0] - before[0]) / IDLE_SECONDS)
            busy.append(100 * (after[1] - before[1]) / IDLE_SECONDS)
    return woken, busy


def _spent(client: Client) -> tuple[int, float]:
    family = processes.family(client.pid)
    return sum(map(processes.wake_ups, family)), sum(map(processes.seconds, family))


def _plain(environment: BenchmarkEnvironment, text: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", text],
        env=environment.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split("megabytes")[1])


FIGURES = (
    memory_of_the_server,
    memory_of_the_host,
    memory_of_checkpoints,
    idle_wake_ups,
    idle_time,
)
