"""An edited program goes on from a paused copy, and nobody could tell but by the time it took."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tensorhints.engine.pool import Outcome, RunResult
from tensorhints.model import messages
from tensorhints.model.places import Notice

from .conftest import Heard, Runner, eventually, finished

pytestmark = pytest.mark.asyncio(loop_scope="session")

SLOW = "import time; time.sleep(0.12)\n"
"""Work enough for a copy to be paused after it."""


@dataclass
class Edits:
    """Runs one text after the other as an editor's edits would."""

    runner: Runner
    heard: list[Heard] = field(default_factory=list)

    async def run(self, text: str, **fields: Any) -> tuple[RunResult, Heard]:
        live, heard = self.runner.start(text, checkpoints=True, **fields)
        self.heard.append(heard)
        return await finished(live), heard

    async def scratch(self, text: str, **fields: Any) -> tuple[RunResult, Heard]:
        return await self.runner.run(text, **fields)

    def release(self) -> None:
        self.runner.pool.release(str(self.runner.folder / "program.py"))


@pytest.fixture
def edits(runner: Runner) -> Any:
    found = Edits(runner)
    yield found
    found.release()


def line_resumed(heard: Heard) -> int | None:
    (started,) = heard.of(messages.Started)
    return started.line


def refusals(heard: Heard) -> list[str]:
    return [message.reason for message in heard.of(messages.NotKept)]


def counts(heard: Heard) -> dict[str, tuple[int, ...]]:
    """How often each signature was seen, by the name of its place."""
    names = {place.id: place.name for sites in heard.of(messages.Sites) for place in sites.places}
    tallies = [tally for message in heard.of(messages.Tally) for tally in message.tallies]
    return {names[tally.place]: tally.counts for tally in tallies}


def names_at_the_end(heard: Heard) -> list[str]:
    (namespace,) = heard.of(messages.Namespace)
    return [tensor.name for tensor in namespace.tensors]


def children(pid: int) -> set[int]:
    return {
        int(child)
        for task in os.listdir(f"/proc/{pid}/task")
        for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    }


def host_of(runner: Runner) -> int:
    ready = runner.pool.state(runner.interpreter).ready
    assert ready is not None
    return ready.pid


# ---- what is the same --------------------------------------------------------------------------

SAME = {
    "random numbers": """
        import random
        import numpy, torch
        torch.manual_seed(1); random.seed(2); numpy.random.seed(3)
        own = torch.Generator().manual_seed(4)
        other = random.Random(5)
        third = numpy.random.default_rng(6)
        print(torch.rand(2), random.random(), numpy.random.rand())
        {slow}
        print(torch.rand(2), random.random(), numpy.random.rand())
        print(torch.rand(1, generator=own), other.random(), third.random())
        print({last})
        """,
    "training with dropout and an optimizer": """
        import torch
        from torch import nn
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(64, 256), nn.Dropout(), nn.ReLU(), nn.Linear(256, 8))
        optimizer = torch.optim.Adam(model.parameters())
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
        x, y = torch.randn(512, 64), torch.randint(8, (512,))
        for step in range(4):
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad(); loss.backward(); optimizer.step(); schedule.step()
        {slow}
        for step in range(3):
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad(); loss.backward(); optimizer.step(); schedule.step()
        print(loss.item(), {last}, sum(p.sum() for p in model.parameters()).item())
        """,
    "data loader": """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        torch.manual_seed(0)
        data = TensorDataset(torch.arange(20.0), torch.arange(20))
        loader = DataLoader(data, batch_size=6, shuffle=True)
        print([len(x) for x, y in loader])
        {slow}
        print([x.tolist() for x, y in loader])
        print({last})
        """,
    "data loader with workers": """
        import torch
        from torch.utils.data import DataLoader, TensorDataset
        torch.manual_seed(0)
        data = TensorDataset(torch.arange(20.0), torch.arange(20))
        loader = DataLoader(data, batch_size=6, shuffle=True, num_workers=2)
        first = [x for x, y in loader]
        del x, y
        {slow}
        first[0][0] = -1
        print(first[0].tolist())
        print([x.tolist() for x, y in loader])
        print({last})
        """,
    "open files": """
        import os
        open("data.txt", "w").write("".join(f"line {{i}}\\n" for i in range(9)))
        reading = open("data.txt"); reading.readline()
        writing = open("out.txt", "w"); writing.write("buffered ")
        raw = open("raw.bin", "wb", buffering=0); raw.write(b"one ")
        descriptor = os.open("log.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_APPEND)
        os.write(descriptor, b"begin ")
        {slow}
        print(reading.readline(), reading.tell())
        writing.write("more"); writing.close()
        raw.write(b"two"); raw.close()
        os.write(descriptor, b"end")
        print(open("out.txt").read(), open("raw.bin").read(), open("log.txt").read(), {last})
        """,
    "objects of all kinds": """
        from __future__ import annotations
        import atexit, dataclasses, inspect, os, pickle, sys
        @dataclasses.dataclass
        class Point:
            x: int
        def numbers():
            yield from range(9)
        left = numbers(); next(left)
        os.makedirs("inner", exist_ok=True); os.chdir("inner"); os.environ["A_NAME"] = "1"
        atexit.register(print, "at exit")
        kept = pickle.dumps(Point(3))
        {slow}
        print(pickle.loads(kept), next(left), os.getcwd(), os.environ["A_NAME"])
        print(inspect.getsource(Point), sys.argv, __name__, __file__)
        print({last})
        """,
    "an error": """
        import torch
        def broken(x):
            return x @ x
        x = torch.ones(2, 3)
        {slow}
        x = x * {last}
        broken(x)
        """,
}


@pytest.mark.parametrize("case", SAME)
async def test_a_run_that_goes_on_is_like_one_from_the_top(edits: Edits, case: str) -> None:
    text = dedent(SAME[case])
    await edits.run(text.format(slow=SLOW.strip(), last="1"))
    edited = text.format(slow=SLOW.strip(), last="2")
    result, heard = await edits.run(edited)
    assert line_resumed(heard) is not None, refusals(heard)

    whole, expected = await edits.scratch(edited)
    assert heard.stdout == expected.stdout
    assert heard.stderr == expected.stderr
    assert heard.seen == expected.seen
    assert counts(heard) == counts(expected)
    assert names_at_the_end(heard) == names_at_the_end(expected)
    assert (result.outcome, result.exit_status) == (whole.outcome, whole.exit_status)
    assert result.failure == whole.failure


async def test_a_copy_serves_again_and_again(edits: Edits) -> None:
    """A memory that the first edit's run changes in place is as it was for the second."""
    text = f"import torch\nx = torch.zeros(3)\n{SLOW}x += {{}}\nprint(x.sum().item())\n"
    await edits.run(text.format(1))
    for number in (2, 3, 4):
        _, heard = await edits.run(text.format(number))
        assert line_resumed(heard) == 3
        assert heard.stdout == f"{3.0 * number}\n"


async def test_what_is_above_runs_once(edits: Edits, tmp_path: Path) -> None:
    text = f"open('runs', 'a').write('x')\n{SLOW}print({{}})\n"
    for number in range(5):
        _, heard = await edits.run(text.format(number))
        assert heard.stdout == f"{number}\n"
    assert (tmp_path / "runs").read_text() == "x"


async def test_an_edit_above_runs_all_below_again(edits: Edits, tmp_path: Path) -> None:
    text = f"n = int({{}})\nopen('runs', 'a').write('x')\n{SLOW}print(n)\n"
    await edits.run(text.format(1))
    _, heard = await edits.run(text.format(2))
    assert heard.stdout == "2\n"
    assert line_resumed(heard) is None
    assert (tmp_path / "runs").read_text() == "xx"


async def test_a_run_that_shall_be_whole_begins_at_the_top(edits: Edits, tmp_path: Path) -> None:
    text = f"open('runs', 'a').write('x')\n{SLOW}print(1)\n"
    await edits.run(text)
    _, heard = await edits.run(text, afresh=True)
    assert line_resumed(heard) is None
    assert (tmp_path / "runs").read_text() == "xx"


async def test_the_place_of_the_edit_gets_a_copy_of_its_own(edits: Edits) -> None:
    """The first edit goes on from far above; the next from right above the edited line."""
    text = f"{SLOW}import time\ntime.sleep(0.03)\nn = 1\nprint({{}})\n"
    await edits.run(text.format(1))
    _, first = await edits.run(text.format(2))
    assert line_resumed(first) == 1
    _, second = await edits.run(text.format(3))
    assert line_resumed(second) == 4


async def test_a_line_added_after_long_work_at_the_end_does_not_repeat_it(edits: Edits) -> None:
    await edits.run(SLOW)
    _, heard = await edits.run(f"{SLOW}print('more')\n")
    assert (heard.stdout, line_resumed(heard)) == ("more\n", 1)


async def test_a_main_block_is_entered_statement_by_statement(edits: Edits) -> None:
    text = f'if __name__ == "__main__":\n    print("in")\n    {SLOW}    print({{}})\n'
    await edits.run(text.format(1))
    _, heard = await edits.run(text.format(2))
    assert (heard.stdout, line_resumed(heard)) == ("in\n2\n", 3)


async def test_a_stopped_run_leaves_copies_that_serve(edits: Edits) -> None:
    text = f"print('top')\n{SLOW}while {{}}:\n    pass\n"
    host = host_of(edits.runner)
    before = children(host)
    live, heard = edits.runner.start(text.format("True"), checkpoints=True)
    await eventually(lambda: len(children(host) - before) == 2)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED
    _, again = await edits.run(text.format("False"))
    assert (again.stdout, line_resumed(again)) == ("top\n", 2)


async def test_output_that_no_python_wrote_is_told_again(edits: Edits) -> None:
    text = (
        "import os, subprocess, sys\n"
        "os.write(1, b'raw '); os.write(2, b'complaint')\n"
        "subprocess.run(['echo', 'of a child'])\n"
        f"print('no newline', end='')\n{SLOW}print({{}})\n"
    )
    await edits.run(text.format(1))
    _, heard = await edits.run(text.format(2))
    assert line_resumed(heard) == 5
    assert heard.stdout == "raw of a child\nno newline2\n"
    assert heard.stderr == "complaint"


async def test_output_past_the_limit_stays_cut(edits: Edits) -> None:
    text = f"print('x' * 50_000)\n{SLOW}print({{}})\n"
    limit = 1000
    await edits.run(text.format(1), output_limit=limit)
    result, heard = await edits.run(text.format(2), output_limit=limit)
    assert line_resumed(heard) == 2
    assert heard.stdout == "x" * limit
    ends = heard.of(messages.Truncated)
    assert [message.dropped_bytes for message in ends] == [0, 50_001 - limit + 2]
    assert result.outcome is Outcome.FINISHED


async def test_what_workers_saw_is_told_again(edits: Edits) -> None:
    text = (
        "import torch\nfrom torch.utils.data import DataLoader, Dataset\n"
        "class Data(Dataset):\n"
        "    def __len__(self):\n        return 4\n"
        "    def __getitem__(self, index):\n"
        "        item = torch.ones(5, 7) * index\n        return item\n"
        "list(DataLoader(Data(), num_workers=2))\n"
        f"{SLOW}print({{}})\n"
    )
    _, before = await edits.run(text.format(1))
    _, heard = await edits.run(text.format(2))
    assert line_resumed(heard) is not None, refusals(heard)
    assert heard.seen["item"] == before.seen["item"] != []


async def test_modules_that_were_edited_are_imported_anew(edits: Edits, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("value = 1\n")
    text = f"import module\n{SLOW}print(module.value)\n"
    roots = (str(tmp_path),)
    await edits.run(text, roots=roots)
    _, same = await edits.run(text + "print(0)\n", roots=roots)
    assert (same.stdout, line_resumed(same)) == ("1\n0\n", 2)
    buffers = {str(module): "value = 2\n"}
    _, heard = await edits.run(text, roots=roots, buffers=buffers)
    assert (heard.stdout, line_resumed(heard)) == ("2\n", None)
    module.write_text("value = 345\n")
    _, heard = await edits.run(text, roots=roots)
    assert heard.stdout == "345\n"


async def test_a_file_outside_of_the_workspace_counts_too(edits: Edits, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "library.py").write_text("value = 1\n")
    text = f"import sys; sys.path.append('inner')\nimport library\n{SLOW}print(library.value)\n"
    await edits.run(text)
    (inner / "library.py").write_text("value = 22\n")
    _, heard = await edits.run(text)
    assert heard.stdout == "22\n"


async def test_another_setup_begins_at_the_top(edits: Edits) -> None:
    text = f"import sys\n{SLOW}print(sys.argv[1:])\n"
    await edits.run(text, arguments=("a",))
    _, heard = await edits.run(text, arguments=("b",))
    assert (heard.stdout, line_resumed(heard)) == ("['b']\n", None)


async def test_without_checkpoints_nothing_is_kept(runner: Runner) -> None:
    text = f"{SLOW}print({{}})\n"
    before = children(host_of(runner))
    await runner.run(text.format(1))
    assert not children(host_of(runner)) - before
    _, heard = await runner.run(text.format(2))
    assert line_resumed(heard) is None


# ---- what the program can not see ------------------------------------------------------------


async def test_the_program_hears_nothing_of_its_copies(edits: Edits) -> None:
    text = (
        "import os, signal, threading\n"
        "signal.signal(signal.SIGCHLD, lambda *_: print('a child'))\n"
        "os.register_at_fork(before=lambda: print('forked'))\n"
        "names = sorted(os.listdir('/proc/self/fd'))\n"
        f"{SLOW}"
        "print(sorted(os.listdir('/proc/self/fd')) == names)\n"
        "try:\n    os.wait()\nexcept ChildProcessError:\n    print('no child')\n"
        "print(threading.get_native_id() == os.getpid(), len(os.listdir('/proc/self/task')) <= 2)\n"
        "print(os.getsid(0) == os.getpid(), open('/dev/null').fileno(), {})\n"
    )
    _, first = await edits.run(text.format(1))
    assert first.stdout == "True\nno child\nTrue True\nTrue 3 1\n"
    _, heard = await edits.run(text.format(2))
    assert line_resumed(heard) == 5
    assert heard.stdout == "True\nno child\nTrue True\nTrue 3 2\n"


async def test_memory_shared_with_children_stays_shared(edits: Edits) -> None:
    text = (
        "import os, torch\nx = torch.zeros(3).share_memory_()\n"
        f"{SLOW}x += {{}}\n"
        "if os.fork() == 0:\n    x += 10\n    os._exit(0)\n"
        "os.wait()\nprint(x.tolist())\n"
    )
    await edits.run(text.format(1))
    for number in (2, 3):
        _, heard = await edits.run(text.format(number))
        assert line_resumed(heard) == 3, refusals(heard)
        assert heard.stdout == f"{[10.0 + number] * 3}\n"


async def test_standard_output_that_was_put_aside_leads_to_the_new_run(edits: Edits) -> None:
    text = f"import os\naside = os.dup(1)\n{SLOW}os.write(aside, b'{{}}')\n"
    await edits.run(text.format(1))
    _, heard = await edits.run(text.format(2))
    assert (heard.stdout, line_resumed(heard)) == ("2", 3)


# ---- hazards -------------------------------------------------------------------------------------

HAZARDS = {
    "a thread": ("threads", "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()"),
    "a pool of threads that waits": ("threads", "from concurrent.futures import ThreadPoolExecutor as T\npool = T(1); pool.submit(int).result()"),
    "a thread that threading does not know": ("native-threads", "import _thread, time\n_thread.start_new_thread(time.sleep, (9,))"),
    "a child": ("child-processes", "import subprocess\nchild = subprocess.Popen(['sleep', '9'])"),
    "a child that nobody has waited for": ("child-processes", "import subprocess, time\nchild = subprocess.Popen(['true']); time.sleep(0.05)"),
    "a pool of processes": ("threads", "import multiprocessing as m\npool = m.get_context('fork').Pool(1)"),
    "a socket": ("connections", "import socket\nends = socket.socketpair()"),
    "a pipe": ("connections", "import os\nends = os.pipe()"),
    "an event loop": ("connections", "import asyncio\nloop = asyncio.new_event_loop()"),
    "a map that is written": ("shared-memory", "import numpy\nx = numpy.memmap('m.bin', 'f4', 'w+', shape=(9,))"),
    "an alarm": ("timers", "import signal\nsignal.signal(signal.SIGALRM, print); signal.alarm(9)"),
    "a file that is rewritten": ("files", "f = open('f.bin', 'w+b'); f.write(b'abc'); f.flush(); f.seek(1)"),
}  # fmt: skip


@pytest.mark.parametrize("case", HAZARDS)
async def test_what_a_copy_would_lack_is_a_reason_for_none(edits: Edits, case: str) -> None:
    reason, hazard = HAZARDS[case]
    text = f"{hazard}\n{SLOW}print({{}})\n"
    _, first = await edits.run(text.format(1))
    assert refusals(first) == [reason]
    _, heard = await edits.run(text.format(2))
    assert line_resumed(heard) is None
    assert heard.stdout.endswith("2\n")
    assert refusals(heard) == [reason]


HARMLESS = {
    "a child that has ended": "import subprocess\nsubprocess.run(['true'])",
    "a thread that has ended": "import threading\nt = threading.Thread(target=int); t.start(); t.join()",
    "an executor that was shut down": "from concurrent.futures import ThreadPoolExecutor as T\nwith T(2) as pool: pool.submit(int)",
    "workers that have ended": "from torch.utils.data import DataLoader\nlist(DataLoader(range(4), num_workers=2))",
    "a map that is only read": "import numpy\nnumpy.arange(9).tofile('m.bin'); x = numpy.memmap('m.bin', 'i8', 'r')",
    "a temporary file": "import tempfile\nf = tempfile.TemporaryFile(); f.write(b'abc')",
    "an event loop that has ended": "import asyncio\nasyncio.run(asyncio.sleep(0))",
    "torch's own threads": "import torch\nx = torch.randn(800, 800); y = (x @ x).relu()",
    "another number of torch's threads": "import torch\ntorch.set_num_threads(4); x = torch.randn(800, 800) @ torch.randn(800, 800)",
    "a tensor loaded by mapping": "import torch\ntorch.save(torch.ones(9), 't.pt'); x = torch.load('t.pt', mmap=True)",
}  # fmt: skip


@pytest.mark.parametrize("case", HARMLESS)
async def test_what_is_over_is_no_reason_against_a_copy(edits: Edits, case: str) -> None:
    text = (
        f"{HARMLESS[case]}\n{SLOW}import torch\nw = torch.ones(600, 600)\n"
        "w = (w @ w).sum()\nprint({}, w.item())\n"
    )
    _, first = await edits.run(text.format(1))
    assert refusals(first) == []
    _, heard = await edits.run(text.format(2))
    assert line_resumed(heard) is not None
    assert heard.stdout == f"2 {600.0**3}\n"


# ---- their life ----------------------------------------------------------------------------------


async def test_copies_go_when_their_program_is_released(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    await edits.run(f"{SLOW}print(1)\n")
    (copy,) = children(host) - before
    edits.release()
    await eventually(lambda: copy not in children(host))


async def test_copies_that_serve_no_more_go(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    await edits.run(f"print(1)\n{SLOW}print(1)\n")
    copies = children(host) - before
    await edits.run("print(2)\n")
    await eventually(lambda: not copies & children(host))


async def test_a_program_keeps_eight_copies_at_most(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    text = SLOW * 12 + "print({})\n"
    _, first = await edits.run(text.format(1))
    await eventually(lambda: len(children(host) - before) == 8)
    _, heard = await edits.run(text.format(2))
    assert line_resumed(heard) in (11, 12)


async def test_a_copy_that_was_killed_costs_no_more_than_its_time(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    text = f"{SLOW}print({{}})\n"
    await edits.run(text.format(1))
    (copy,) = children(host) - before
    os.kill(copy, signal.SIGKILL)
    await eventually(lambda: copy not in children(host))
    result, heard = await edits.run(text.format(2))
    assert (result.outcome, heard.stdout) == (Outcome.FINISHED, "2\n")
    assert line_resumed(heard) is None


async def test_a_copy_that_does_not_answer_is_given_up(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    text = f"{SLOW}print({{}})\n"
    await edits.run(text.format(1))
    (copy,) = children(host) - before
    os.kill(copy, signal.SIGSTOP)
    result, heard = await edits.run(text.format(2))
    assert (result.outcome, heard.stdout) == (Outcome.FINISHED, "2\n")
    await eventually(lambda: copy not in children(host))


async def test_the_end_of_a_run_can_be_looked_at(edits: Edits) -> None:
    result, heard = await edits.run("import torch\nx = torch.arange(6.0)\n", inspect=True)
    assert result.outcome is Outcome.FINISHED
    run = heard.of(messages.Started)[0].run
    request = messages.Inspect(run, 1, "x")
    answer = await edits.runner.pool.inspect(edits.runner.interpreter, request)
    assert (answer.problem, answer.query) == (None, 1)
    assert answer.inspection is not None
    edits.release()
    answer = await edits.runner.pool.inspect(edits.runner.interpreter, request)
    assert answer.problem == Notice("tensor-no-copy")


async def test_a_copy_that_cannot_go_on_can_still_be_looked_at(edits: Edits) -> None:
    text = "import threading, time, torch\nx = torch.arange(6.0)\n"
    text += "threading.Thread(target=time.sleep, args=(0.3,), daemon=True).start()\n"
    _, heard = await edits.run(text, inspect=True)
    request = messages.Inspect(heard.of(messages.Started)[0].run, 1, "x")
    answer = await edits.runner.pool.inspect(edits.runner.interpreter, request)
    assert answer.problem is None
    _, again = await edits.run(text + "print(x)\n", inspect=True)
    assert line_resumed(again) is None
