"""The processor time of a program with hints on, beside plain Python."""

from __future__ import annotations

import asyncio
import builtins
import re
import time
from collections.abc import Callable
from pathlib import Path

from tensorhints.runner.checkpoint.resume_code import ProgramCode
from tensorhints.runner.instrument.probe_registry import ProbeRegistry
from tensorhints.runner.syntax.program import Program, parse

from .client import Client
from .environment import BenchmarkEnvironment
from .measure import Figure, Reference, Sample, title

_TIMER = "import time as _time\n"
_START = "_start = _time.process_time()\n"
_STOP = 'print("measured", _time.process_time() - _start, flush=True)\n'

SMALL_OPERATIONS = f"""\
{_TIMER}
import torch
torch.set_num_threads(1)
def chain(steps):
    x = torch.ones(4, 4)
    half = torch.full((4, 4), 0.5)
    for i in range(steps // 4):
        y = x + half
        y = y * half
        z = y @ x
        x = z.relu()
    return x
chain(400)
{_START}
result = chain(20_000)
{_STOP}"""

TRAINING = f"""\
{_TIMER}
import torch
import torch.nn as nn
import torch.nn.functional as F
torch.set_num_threads(1)
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 128)
        self.out = nn.Linear(128, 10)
    def forward(self, x):
        h = self.hidden(x)
        h = F.relu(h)
        return self.out(h)
net = Net()
optimizer = torch.optim.SGD(net.parameters(), 0.1)
X = torch.randn(64, 64)
Y = torch.randint(0, 10, (64,))
def train(steps):
    for step in range(steps):
        logits = net(X)
        loss = F.cross_entropy(logits, Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
train(20)
{_START}
train(3000)
{_STOP}"""

FUNCTION = f"""\
{_TIMER}
def steps(n):
    total = 0
    a = 1
    for i in range(n):
        a = (a * 1103515245 + 12345) % 2147483648
        if a & 1:
            total += a >> 3
        else:
            total -= i
    return total
steps(1000)
{_START}
steps(200_000)
{_STOP}"""

_LOOP = """\
for i in range(1_000_000):
    total += i * 3
    if i % 7 == 0:
        total -= 1
"""

MODULE_LEVEL = f"""\
{_TIMER}
total = 0
{_START}
{_LOOP}
{_STOP}"""

DATASET = f"""\
{_TIMER}
import torch
torch.set_num_threads(1)
class Additions(torch.utils.data.Dataset):
    def __init__(self, count):
        self.count = count
    def __len__(self):
        return self.count
    def __getitem__(self, index):
        a, b = divmod(index % 10_000, 100)
        text = f"{{a:02d}}{{b:02d}}" + f"{{a + b:03d}}"[::-1]
        digits = [int(letter) for letter in text]
        x = torch.tensor(digits[:-1], dtype=torch.long)
        y = torch.tensor(digits[1:], dtype=torch.long)
        y[:3] = -1
        return x, y
def read(data):
    seen = 0
    for x, y in torch.utils.data.DataLoader(data, batch_size=64):
        seen += len(x)
    return seen
read(Additions(640))
{_START}
read(Additions(40_000))
{_STOP}"""

CALLS = f"""\
{_TIMER}
def is_safe(board, row, column):
    for other in range(row):
        gap = board[other] - column
        if gap == 0 or abs(gap) == row - other:
            return False
    return True
def place(board, row):
    if row == len(board):
        return 1
    found = 0
    for column in range(len(board)):
        if is_safe(board, row, column):
            board[row] = column
            found += place(board, row + 1)
    return found
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def plus(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def size(self):
        return self.x * self.x + self.y * self.y
def walk(steps):
    at, step = Vector(0, 0), Vector(1, 2)
    for _ in range(steps):
        at = at.plus(step)
        if at.size() > 1_000_000:
            at = Vector(0, 0)
    return at.size()
def work(n):
    fib(n)
    place([0] * (n - 20), 0)
    walk(1000 * n)
work(21)
{_START}
work(28)
{_STOP}"""

SCALARS = f"""\
{_TIMER}
import torch
torch.set_num_threads(1)
def descend(steps):
    w = torch.tensor(3.0)
    for step in range(steps):
        error = w - 1.0
        slope = error * 2
        w = w - slope * 0.001
    return w
descend(400)
{_START}
result = descend(10_000)
{_STOP}"""

SCALARS_AT_MODULE_LEVEL = f"""\
{_TIMER}
import torch
torch.set_num_threads(1)
w = torch.tensor(3.0)
{_START}
for step in range(10_000):
    error = w - 1.0
    slope = error * 2
    w = w - slope * 0.001
{_STOP}"""


async def small_operations(environment: BenchmarkEnvironment) -> Figure:
    """20 k small tensor operations."""
    return await _beside_plain(environment, small_operations, SMALL_OPERATIONS, 1.10)


async def training(environment: BenchmarkEnvironment) -> Figure:
    """A training loop."""
    return await _beside_plain(environment, training, TRAINING, 1.03)


async def function(environment: BenchmarkEnvironment) -> Figure:
    """200 k steps of pure Python in a function."""
    return await _beside_plain(environment, function, FUNCTION, 1.10)


async def module_level(environment: BenchmarkEnvironment) -> Figure:
    """1 M steps at module level."""
    return await _beside_plain(environment, module_level, MODULE_LEVEL, 1.10)


async def dataset(environment: BenchmarkEnvironment) -> Figure:
    """40 k samples of a dataset, each computed by its `__getitem__`."""
    return await _beside_plain(environment, dataset, DATASET, 1.15)


async def calls(environment: BenchmarkEnvironment) -> Figure:
    """Pure Python in many small functions."""
    return await _beside_plain(environment, calls, CALLS, 1.10)


async def closed_gates(environment: BenchmarkEnvironment) -> Figure:
    """The same loop in one process: the cost of closed sampling gates."""
    code = ProgramCode(_parsed(_LOOP), ProbeRegistry()).compile_step(0)
    assert code is not None
    gates = {name: False for name in code.co_names if name.startswith(".")}
    plain_code = compile(_LOOP, "loop.py", "exec")
    ours: list[float] = []
    plain: list[float] = []
    for _ in range(environment.repetitions(25)):
        for times, each in ((ours, code), (plain, plain_code)):
            started = time.process_time()
            exec(each, {"__builtins__": {**vars(builtins), **gates}, "total": 0})
            times.append((time.process_time() - started) * 1000)
    reference = Reference("plain code", Sample.of(plain))
    return Figure(title(closed_gates), "ms", Sample.of(ours), (reference,))


async def scalars(environment: BenchmarkEnvironment) -> Figure:
    """30 k operations on single numbers in a function, their values shown."""
    return await _beside_plain(environment, scalars, SCALARS, None)


async def scalars_at_module_level(environment: BenchmarkEnvironment) -> Figure:
    """30 k operations on single numbers at module level, their values shown."""
    return await _beside_plain(environment, scalars_at_module_level, SCALARS_AT_MODULE_LEVEL, None)


async def _beside_plain(
    environment: BenchmarkEnvironment, row: Callable[..., object], text: str, limit: float | None
) -> Figure:
    path = environment.program("overhead", "program.py", text)
    return await beside_plain(environment, title(row), path, limit, 15)


async def beside_plain(
    environment: BenchmarkEnvironment, name: str, path: Path, limit: float | None, pairs: int
) -> Figure:
    """Compare the own time that a program prints when it runs with hints, and under plain Python.

    `limit` is the highest allowed ratio, `pairs` the number of runs of each kind.
    """
    ours: list[float] = []
    plain: list[float] = []
    async with environment.server(path.parent) as client:
        client.open(path)
        await _hinted(client, path)
        for _ in range(environment.repetitions(pairs)):
            ours.append(await _hinted(client, path))
            plain.append(await asyncio.to_thread(_measured, environment, path))
    reference = Reference("plain python", Sample.of(plain), limit)
    name = f"own time: {name[0].lower()}{name[1:]}"
    return Figure(name, "ms", Sample.of(ours), (reference,))


def _parsed(text: str) -> Program:
    program = parse("loop.py", text)
    assert isinstance(program, Program)
    return program


async def _hinted(client: Client, path: Path) -> float:
    client.output.clear()
    await client.run(path)
    return _milliseconds("".join(client.output))


def _measured(environment: BenchmarkEnvironment, path: Path) -> float:
    return _milliseconds(environment.printed(path))


def _milliseconds(printed: str) -> float:
    found = re.search(r"measured ([\d.e-]+)", printed)
    assert found is not None, printed
    return float(found[1]) * 1000


FIGURES = (
    small_operations,
    training,
    function,
    calls,
    dataset,
    module_level,
    closed_gates,
    scalars,
    scalars_at_module_level,
)
