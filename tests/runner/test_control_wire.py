"""Programs that write to our descriptors, close them, or cause very many messages."""

from __future__ import annotations

import pytest

from tensorhints.engine.results import Outcome
from tensorhints.model.user_messages import UserMessage

from .conftest import RunText

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVENTS = """\
import os, stat, socket, struct, json
import torch
x = torch.zeros(2, 3)
(ours,) = [int(n) for n in os.listdir("/proc/self/fd")
           if int(n) >= 100 and stat.S_ISSOCK(os.fstat(int(n)).st_mode)]
def frame(**fields):
    body = json.dumps(fields).encode()
    return struct.pack(">I", len(body)) + body
"""


@pytest.mark.parametrize(
    "packet",
    [
        "b'hello'",
        "struct.pack('>I', 2**32 - 1) + b'x'",
        "struct.pack('>I', 3) + b'\\xff\\xff\\xff'",
        "frame(a=1)",
        "frame(**{'$': 'NoSuchMessage'})",
        "frame(**{'$': 'Ended', 'run': 'x', 'exit_status': 0, 'seconds': 0.0})",
        "frame(**{'$': 'Ended', 'run': 10**9, 'exit_status': 9, 'seconds': 0.0})",
        "frame(**{'$': 'Exited', 'run': 1, 'status': 9, 'signal': 9})",
        "struct.pack('>I', 150_000) + b'[' * 150_000",
    ],
)
async def test_a_packet_that_is_not_a_message_of_this_run_is_dropped(
    run_text: RunText, packet: str
) -> None:
    text = f"{EVENTS}os.write(ours, {packet})\ny = x.T\n"
    result, received = await run_text(text)
    assert (result.outcome, result.exit_status) == (Outcome.FINISHED, 0)
    assert received.seen["y"][0].shape == (3, 2)


async def test_a_flood_of_garbage_ends_the_run(run_text: RunText) -> None:
    result, received = await run_text(f"{EVENTS}while True: os.write(ours, b'garbage')\n")
    assert (result.outcome, result.user_message) == (Outcome.CRASHED, UserMessage("wire-broken"))
    assert received.seen["x"]


async def test_a_program_that_closes_our_descriptors_keeps_running(run_text: RunText) -> None:
    text = "import os\nprint('one')\nos.closerange(3, 4096)\nx = 1\nprint('two')\n"
    result, received = await run_text(text)
    assert received.stdout == "one\ntwo\n"
    assert result.user_message == UserMessage("exited-early", "0")


async def test_forked_workers_can_send_too(run_text: RunText) -> None:
    text = (
        "import os, torch\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    in_child = torch.zeros(5)\n"
        "    os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "in_parent = torch.zeros(6)\n"
    )
    result, received = await run_text(text)
    assert result.outcome is Outcome.FINISHED
    assert received.seen["in_parent"][0].shape == (6,)


async def test_a_large_file_sends_all_its_locations(run_text: RunText) -> None:
    names = [f"a_rather_long_name_{number}" for number in range(1500)]
    body = "".join(f"    {name} = t\n" for name in names)
    result, received = await run_text(f"import torch\ndef f(t):\n{body}\nf(torch.zeros(2))\n")
    assert result.outcome is Outcome.FINISHED
    assert set(received.seen) >= set(names)
