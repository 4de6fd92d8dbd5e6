"""An edited program resumes from a checkpoint, which only the time it takes can reveal."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from textwrap import dedent

import pytest

import unsaved
from tensorhints.engine.results import Outcome
from tensorhints.model import messages
from tensorhints.model.user_messages import UserMessage

from .conftest import Runner, eventually, finished
from .editing import (
    SLOW,
    Edits,
    children,
    counts,
    host_of,
    line_resumed,
    names_at_the_end,
    refusals,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

# ---- what is the same ----------------------------------------------------------------------------

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
        descriptor = os.open("log.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
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
    "warnings that are shown once": """
        import warnings
        def warn():
            warnings.warn("old")
        warn()
        {slow}
        warn()
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


@pytest.mark.usefixtures("openmp_pauses")
@pytest.mark.parametrize("case", SAME)
async def test_a_resumed_run_equals_one_from_the_start(edits: Edits, case: str) -> None:
    text = dedent(SAME[case])
    await edits.run(text.format(slow=SLOW.strip(), last="1"))
    edited = text.format(slow=SLOW.strip(), last="2")
    result, received = await edits.run(edited)
    assert line_resumed(received) is not None, refusals(received)

    whole, expected = await edits.scratch(edited)
    assert received.stdout == expected.stdout
    assert received.stderr == expected.stderr
    assert received.seen == expected.seen
    assert counts(received) == counts(expected)
    assert names_at_the_end(received) == names_at_the_end(expected)
    assert (result.outcome, result.exit_status) == (whole.outcome, whole.exit_status)
    assert result.failure == whole.failure


async def test_a_checkpoint_serves_repeatedly(edits: Edits) -> None:
    """Memory that the first edit's run changes in place is unchanged for the second."""
    text = f"import torch\nx = torch.zeros(3)\n{SLOW}x += {{}}\nprint(x.sum().item())\n"
    await edits.run(text.format(1))
    for number in (2, 3, 4):
        _, received = await edits.run(text.format(number))
        assert line_resumed(received) == 3
        assert received.stdout == f"{3.0 * number}\n"


async def test_code_above_the_checkpoint_runs_once(edits: Edits, tmp_path: Path) -> None:
    text = f"open('runs', 'a').write('x')\n{SLOW}print({{}})\n"
    for number in range(5):
        _, received = await edits.run(text.format(number))
        assert received.stdout == f"{number}\n"
    assert (tmp_path / "runs").read_text() == "x"


async def test_an_edit_above_the_checkpoint_runs_everything_below_again(
    edits: Edits, tmp_path: Path
) -> None:
    text = f"n = int({{}})\nopen('runs', 'a').write('x')\n{SLOW}print(n)\n"
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert received.stdout == "2\n"
    assert line_resumed(received) is None
    assert (tmp_path / "runs").read_text() == "xx"


async def test_a_run_requested_afresh_starts_from_the_top(edits: Edits, tmp_path: Path) -> None:
    text = f"open('runs', 'a').write('x')\n{SLOW}print(1)\n"
    await edits.run(text)
    _, received = await edits.run(text, afresh=True)
    assert line_resumed(received) is None
    assert (tmp_path / "runs").read_text() == "xx"


async def test_the_edited_line_gets_its_own_checkpoint(edits: Edits) -> None:
    """The first edit resumes far above, and a later one right above the edited line.

    It is the next one unless the machine is so busy that checkpoints are slow and thus made later.
    """
    text = f"{SLOW}import time\ntime.sleep(0.03)\nn = 1\nprint({{}})\n"
    await edits.run(text.format(1))
    _, first = await edits.run(text.format(2))
    assert line_resumed(first) == 1
    for number in range(3, 23):
        _, received = await edits.run(text.format(number))
        if line_resumed(received) == 4:
            return
    pytest.fail("no run resumed right above the edited line")


async def test_a_line_added_after_long_work_at_the_end_does_not_repeat_it(edits: Edits) -> None:
    await edits.run(SLOW)
    _, received = await edits.run(f"{SLOW}print('more')\n")
    assert (received.stdout, line_resumed(received)) == ("more\n", 1)


async def test_a_main_block_is_resumed_between_its_statements(edits: Edits) -> None:
    text = f'if __name__ == "__main__":\n    print("in")\n    {SLOW}    print({{}})\n'
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert (received.stdout, line_resumed(received)) == ("in\n2\n", 3)


async def test_checkpoints_of_a_stopped_run_can_be_resumed(edits: Edits) -> None:
    text = f"print('top')\n{SLOW}print('on')\nwhile {{}}:\n    pass\n"
    live, received = edits.runner.start(text.format("True"), checkpoints=True)
    await received.until(lambda received: "on" in received.stdout)
    live.stop()
    assert (await finished(live)).outcome is Outcome.STOPPED
    _, again = await edits.run(text.format("False"))
    assert again.stdout == "top\non\n"
    assert line_resumed(again) is not None


async def test_output_of_c_code_is_repeated_in_a_resumed_run(edits: Edits) -> None:
    text = (
        "import os, subprocess, sys\n"
        "os.write(1, b'raw '); os.write(2, b'complaint')\n"
        "subprocess.run(['echo', 'of a child'])\n"
        f"print('no newline', end='')\n{SLOW}print({{}})\n"
    )
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) == 5
    assert received.stdout == "raw of a child\nno newline2\n"
    assert received.stderr == "complaint"


async def test_output_past_the_limit_stays_truncated(edits: Edits) -> None:
    text = f"print('x' * 50_000)\n{SLOW}print({{}})\n"
    limit = 1000
    await edits.run(text.format(1), output_limit=limit)
    result, received = await edits.run(text.format(2), output_limit=limit)
    assert line_resumed(received) == 2
    assert received.stdout == "x" * limit
    ends = received.of(messages.Truncated)
    assert [message.dropped_bytes for message in ends] == [0, 50_001 - limit + 2]
    assert result.outcome is Outcome.FINISHED


async def test_observations_of_workers_are_repeated_in_a_resumed_run(edits: Edits) -> None:
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
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None, refusals(received)
    assert received.seen["item"] == before.seen["item"] != []


async def test_edited_modules_are_imported_again(edits: Edits, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("value = 1\n")
    text = f"import module\n{SLOW}print(module.value)\n"
    roots = (str(tmp_path),)
    await edits.run(text, roots=roots)
    _, same = await edits.run(text + "print(0)\n", roots=roots)
    assert same.stdout == "1\n0\n"
    assert line_resumed(same) is not None
    edited = unsaved.fields({str(module): "value = 2\n"})
    _, received = await edits.run(text, roots=roots, **edited)
    assert (received.stdout, line_resumed(received)) == ("2\n", None)
    module.write_text("value = 345\n")
    _, received = await edits.run(text, roots=roots)
    assert received.stdout == "345\n"


async def test_an_edited_module_outside_of_the_workspace_is_imported_again(
    edits: Edits, tmp_path: Path
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "library.py").write_text("value = 1\n")
    text = f"import sys; sys.path.append('inner')\nimport library\n{SLOW}print(library.value)\n"
    await edits.run(text)
    (inner / "library.py").write_text("value = 22\n")
    _, received = await edits.run(text)
    assert received.stdout == "22\n"


AFTER_ALL = {
    "a file that the program removes": (
        "open('data', 'w').write('x')",
        "print(open('data').read())\nos.remove('data')",
        "x",
    ),
    "a file that the program appends to": (
        "open('data', 'w').write('x')",
        "open('data', 'a').write('y')\nprint(open('data').read())",
        "xy",
    ),
    "a temporary folder": (
        "import tempfile\nfolder = tempfile.TemporaryDirectory()",
        "print(os.path.isdir(folder.name))",
        "True",
    ),
    "a file in a temporary folder that stays": (
        "import tempfile\nfolder = tempfile.mkdtemp()\nopen(folder + '/data', 'w').write('x')",
        "print(open(folder + '/data').read())\nopen(folder + '/data', 'a').write('y')",
        "x",
    ),
    "a file that torch writes": (
        "import torch\ntorch.save([1], 'data')",
        "print(torch.load('data'))\ntorch.save([2], 'data')",
        "[1]",
    ),
}


@pytest.mark.parametrize("case", AFTER_ALL)
async def test_a_checkpoint_is_outdated_once_the_rest_of_the_program_changed_its_files(
    edits: Edits, case: str
) -> None:
    above, below, printed = AFTER_ALL[case]
    text = f"import os\n{above}\n{SLOW}{below}\nprint({{}})\n"
    for number in range(3):
        result, received = await edits.run(text.format(number))
        assert received.stdout == f"{printed}\n{number}\n"
        assert result.outcome is Outcome.FINISHED


async def test_a_file_that_is_appended_to_keeps_its_content(edits: Edits, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    text = (
        f"log = open('log.txt', 'a')\nlog.write('a')\nlog.flush()\n{SLOW}"
        "print(open('log.txt').read())\nif {}: log.write('z')\n"
    )
    await edits.run(text.format(0))
    _, received = await edits.run(text.format("0 or 0"))
    assert line_resumed(received) is not None
    await edits.run(text.format(1))
    log.write_text(log.read_text() + "another program's")
    _, received = await edits.run(text.format(0))
    assert line_resumed(received) is None
    assert received.stdout == "azanother program'sa\n"


async def test_an_open_file_that_was_removed_is_created_again(edits: Edits) -> None:
    text = (
        f"import os\nf = open('data', 'w')\n{SLOW}print(os.path.exists('data'), {{}})\n"
        "os.remove('data')\n"
    )
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert received.stdout == "True 2\n"


FOUND_ABOVE = {
    "by a test whether it is there": "found = os.path.exists('n.json')",
    "by a constant": "NAME = 'out/../n.json'\nfound = os.path.exists(NAME)",
    "by a function": "def look(k):\n    return os.path.exists(f'{k}.json')\nfound = look('n')",
    "by a listing": "found = 'n.json' in os.listdir()",
    "by a module": "import there; found = there.found()",
}


@pytest.mark.parametrize("case", FOUND_ABOVE)
async def test_a_file_that_is_looked_for_above_and_written_below_outdates_checkpoints(
    edits: Edits, tmp_path: Path, case: str
) -> None:
    """A run that finds the files of the previous run takes another course."""
    (tmp_path / "out").mkdir()
    (tmp_path / "there.py").write_text("import os\ndef found(): return os.path.exists('n.json')\n")
    below = "print(found, NUMBER)\nopen('n.json', 'w').close()\n"
    text = f"import os\n{FOUND_ABOVE[case]}\n{SLOW}{below}"
    fields = {"roots": (str(tmp_path),)}
    _, first = await edits.run(text.replace("NUMBER", "1"), **fields)
    _, second = await edits.run(text.replace("NUMBER", "2"), **fields)
    assert (first.stdout, second.stdout) == ("False 1\n", "True 2\n")


async def test_a_file_that_main_writes_at_its_end_does_not_prevent_resuming(
    edits: Edits,
) -> None:
    text = (
        "import time\ndef main():\n    time.sleep(0.25)\n    x = 1\n    print({})\n"
        "    open('n.json', 'w').close()\nmain()\n"
    )
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None


async def test_files_that_only_the_rest_writes_do_not_prevent_resuming(edits: Edits) -> None:
    text = f"{SLOW}open('data', 'w').write('x')\nprint({{}})\n"
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None


async def test_another_configuration_starts_from_the_top(edits: Edits) -> None:
    text = f"import sys\n{SLOW}print(sys.argv[1:])\n"
    await edits.run(text, arguments=("a",))
    _, received = await edits.run(text, arguments=("b",))
    assert (received.stdout, line_resumed(received)) == ("['b']\n", None)


async def test_checkpoints_are_not_kept_when_they_are_off(runner: Runner) -> None:
    text = f"{SLOW}print({{}})\n"
    before = children(host_of(runner))
    await runner.run(text.format(1))
    assert not children(host_of(runner)) - before
    _, received = await runner.run(text.format(2))
    assert line_resumed(received) is None


# ---- what the program cannot see -----------------------------------------------------------------


async def test_the_program_cannot_detect_its_checkpoints(edits: Edits) -> None:
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
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    assert received.stdout == "True\nno child\nTrue True\nTrue 3 2\n"


async def test_memory_shared_with_children_stays_shared_after_a_resume(edits: Edits) -> None:
    text = (
        "import os, torch\nx = torch.zeros(3).share_memory_()\n"
        f"{SLOW}x += {{}}\n"
        "if os.fork() == 0:\n    x += 10\n    os._exit(0)\n"
        "os.wait()\nprint(x.tolist())\n"
    )
    await edits.run(text.format(1))
    for number in (2, 3):
        _, received = await edits.run(text.format(number))
        assert line_resumed(received) == 3, refusals(received)
        assert received.stdout == f"{[10.0 + number] * 3}\n"


async def test_a_duplicate_of_standard_output_reaches_the_resumed_run(edits: Edits) -> None:
    text = f"import os\naside = os.dup(1)\n{SLOW}os.write(aside, b'{{}}')\n"
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert (received.stdout, line_resumed(received)) == ("2", 3)


# ---- lifetime ------------------------------------------------------------------------------------


async def test_checkpoints_end_when_their_program_is_released(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    await edits.run(f"{SLOW}print(1)\n")
    (checkpoint,) = children(host) - before
    edits.runner.release()
    await eventually(lambda: checkpoint not in children(host))


async def test_a_run_that_was_released_while_running_leaves_no_checkpoints(edits: Edits) -> None:
    host = host_of(edits.runner)
    text = f"{SLOW}print({{}})\nprint('on')\n{SLOW}print('end')\n"
    for number in range(2):
        await edits.run(text.format(number))
    await eventually(lambda: len(stored_checkpoints(host)) > 1)
    live, received = edits.runner.start(text.format(2), checkpoints=True)
    await received.until(lambda received: "on" in received.stdout)
    edits.runner.release()
    assert (await finished(live)).outcome is Outcome.FINISHED
    await eventually(lambda: not children(host))


async def test_a_pending_signal_of_a_checkpoint_does_not_reach_the_run_that_it_becomes(
    edits: Edits,
) -> None:
    host = host_of(edits.runner)
    text = f"{SLOW}print({{}})\n"
    for number in range(2):
        await edits.run(text.format(number))
    await eventually(lambda: len(stored_checkpoints(host)) == 2)
    for checkpoint in stored_checkpoints(host):
        os.kill(checkpoint, signal.SIGTERM)
    result, received = await edits.run(text.format(2))
    assert (result.outcome, received.stdout) == (Outcome.FINISHED, "2\n")


async def test_checkpoints_that_cannot_be_resumed_any_more_end(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    await edits.run(f"print(1)\n{SLOW}print(1)\n")
    checkpoints = children(host) - before
    await edits.run("print(2)\n")
    await eventually(lambda: not checkpoints & children(host))


async def test_the_program_runs_from_the_start_after_its_checkpoint_was_killed(
    edits: Edits,
) -> None:
    host = host_of(edits.runner)
    before = children(host)
    text = f"{SLOW}print({{}})\n"
    await edits.run(text.format(1))
    (checkpoint,) = children(host) - before
    os.kill(checkpoint, signal.SIGKILL)
    await eventually(lambda: checkpoint not in children(host))
    result, received = await edits.run(text.format(2))
    assert (result.outcome, received.stdout) == (Outcome.FINISHED, "2\n")
    assert line_resumed(received) is None


async def test_a_checkpoint_that_does_not_respond_is_killed(edits: Edits) -> None:
    host = host_of(edits.runner)
    before = children(host)
    text = f"{SLOW}print({{}})\n"
    await edits.run(text.format(1))
    (checkpoint,) = children(host) - before
    os.kill(checkpoint, signal.SIGSTOP)
    result, received = await edits.run(text.format(2))
    assert (result.outcome, received.stdout) == (Outcome.FINISHED, "2\n")
    await eventually(lambda: checkpoint not in children(host))


def stored_checkpoints(host: int) -> set[int]:
    """The checkpoints that the host has stored: each leads a session."""
    return {pid for pid in children(host) if os.getsid(pid) == pid}


async def test_a_checkpoint_with_a_spare_becomes_the_run_itself(edits: Edits) -> None:
    """The checkpoint at the last edit gets a spare while the host is idle."""
    host = host_of(edits.runner)
    text = f"import os\n{SLOW}values = [0]\nvalues += [{{}}]\nprint(os.getpid(), values)\n"
    await edits.run(text.format(1))
    await edits.run(text.format(2))
    became = 0
    for number in range(3, 8):
        await eventually(lambda: len(stored_checkpoints(host)) >= 2)
        before = stored_checkpoints(host)
        result, received = await edits.run(text.format(number))
        pid, values = received.stdout.split(maxsplit=1)
        assert (result.outcome, values) == (Outcome.FINISHED, f"[0, {number}]\n")
        assert line_resumed(received) is not None
        became += int(pid) in before
    assert (
        became
    )  # On a busy machine the next point gets a checkpoint first, which has no spare yet.


async def test_a_run_that_was_a_checkpoint_does_not_kill_the_spare_with_its_group(
    edits: Edits,
) -> None:
    host = host_of(edits.runner)
    text = f"import os, signal\n{SLOW}number = {{}}\n{{}}\nprint(number)\n"
    for number in range(2):
        await edits.run(text.format(number, ""))
    await eventually(lambda: len(stored_checkpoints(host)) == 2)
    await edits.run(text.format(2, "os.killpg(0, signal.SIGKILL)"))
    result, received = await edits.run(text.format(3, ""))
    assert (result.outcome, received.stdout) == (Outcome.FINISHED, "3\n")
    assert line_resumed(received) is not None


async def test_the_end_of_a_run_can_be_inspected(edits: Edits) -> None:
    result, received = await edits.run("import torch\nx = torch.arange(6.0)\n", inspect=True)
    assert result.outcome is Outcome.FINISHED
    run = received.of(messages.Started)[0].run
    request = messages.Inspect(run, 1, "x")
    answer = await edits.runner.pool.inspect(edits.runner.interpreter, request)
    assert (answer.problem, answer.query) == (None, 1)
    assert answer.inspection is not None
    edits.runner.release()
    answer = await edits.runner.pool.inspect(edits.runner.interpreter, request)
    assert answer.problem == UserMessage("tensor-no-checkpoint")


async def test_a_checkpoint_that_cannot_resume_can_still_be_inspected(edits: Edits) -> None:
    text = "import threading, time, torch\nx = torch.arange(6.0)\n"
    text += "threading.Thread(target=time.sleep, args=(0.3,), daemon=True).start()\n"
    _, received = await edits.run(text, inspect=True)
    request = messages.Inspect(received.of(messages.Started)[0].run, 1, "x")
    answer = await edits.runner.pool.inspect(edits.runner.interpreter, request)
    assert answer.problem is None
    _, again = await edits.run(text + "print(x)\n", inspect=True)
    assert line_resumed(again) is None


async def test_a_final_checkpoint_holds_neither_port_nor_lock(edits: Edits) -> None:
    text = (
        "import fcntl, socket\nserver = socket.create_server(('127.0.0.1', {}))\n"
        "lock = open('lock', 'a'); fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
        "print(server.getsockname()[1])\n"
    )
    _, received = await edits.run(text.format(0), inspect=True)
    port = received.stdout.strip()
    _, again = await edits.scratch(text.format(port))
    assert again.stdout == received.stdout
