"""Hazards: state for which no checkpoint is made, which the run reports."""

from __future__ import annotations

from textwrap import dedent

import pytest

from .editing import SLOW, Edits, line_resumed, refusals

pytestmark = pytest.mark.asyncio(loop_scope="session")

HAZARDS = {
    ("threads", "a thread"): """
        import threading, time
        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
        """,
    ("threads", "an idle thread pool"): """
        from concurrent.futures import ThreadPoolExecutor
        pool = ThreadPoolExecutor(1); pool.submit(int).result()
        """,
    ("native-threads", "a thread unknown to threading"): """
        import _thread, time
        _thread.start_new_thread(time.sleep, (9,))
        """,
    ("child-processes", "a child"): """
        import subprocess
        child = subprocess.Popen(["sleep", "9"])
        """,
    ("child-processes", "a child that was not waited for"): """
        import os, subprocess
        child = subprocess.Popen(["true"])
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        """,
    ("threads", "a pool of processes"): """
        import multiprocessing
        pool = multiprocessing.get_context("fork").Pool(1)
        """,
    ("threads", "persistent workers"): """
        from torch.utils.data import DataLoader
        loader = DataLoader(range(4), num_workers=1, persistent_workers=True)
        list(loader)
        """,
    ("connections", "a socket"): """
        import socket
        ends = socket.socketpair()
        """,
    ("connections", "a pipe"): """
        import os
        ends = os.pipe()
        """,
    ("connections", "an event loop"): """
        import asyncio
        loop = asyncio.new_event_loop()
        """,
    ("shared-memory", "a writable memory map"): """
        import numpy
        x = numpy.memmap("m.bin", "f4", "w+", shape=(9,))
        """,
    ("timers", "an alarm"): """
        import signal
        signal.signal(signal.SIGALRM, print); signal.alarm(9)
        """,
    ("process-id", "a text that is made of it"): """
        import os
        name = "run-" + str(os.getpid())
        """,
    ("files", "an overwritten file"): """
        f = open("f.bin", "w+b")
        f.write(b"abc"); f.flush(); f.seek(1)
        """,
}


@pytest.mark.parametrize(("reason", "case"), HAZARDS)
async def test_state_that_a_fork_does_not_copy_prevents_checkpoints(
    edits: Edits, reason: str, case: str
) -> None:
    text = f"{dedent(HAZARDS[reason, case])}\n{SLOW}print({{}})\n"
    _, first = await edits.run(text.format(1))
    assert reason in refusals(first)
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is None
    assert received.stdout.endswith("2\n")
    assert refusals(received) == refusals(first)


HARMLESS = {
    "a child that has ended": """
        import subprocess
        subprocess.run(["true"])
        """,
    "a thread that has ended": """
        import threading
        thread = threading.Thread(target=int); thread.start(); thread.join()
        """,
    "an executor that was shut down": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as pool: pool.submit(int)
        """,
    "workers that have ended": """
        from torch.utils.data import DataLoader
        list(DataLoader(range(4), num_workers=2))
        """,
    "a handler for children": """
        import signal
        signal.signal(signal.SIGCHLD, lambda *_: print("a child"))
        """,
    "ignored children": """
        import signal
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        """,
    "a read-only memory map": """
        import numpy
        numpy.arange(9).tofile("m.bin")
        x = numpy.memmap("m.bin", "i8", "r")
        """,
    "a temporary file": """
        import tempfile
        f = tempfile.TemporaryFile(); f.write(b"abc")
        """,
    "an event loop that has ended": """
        import asyncio
        asyncio.run(asyncio.sleep(0))
        """,
    "torch's own threads": """
        import torch
        x = torch.randn(800, 800); y = (x @ x).relu()
        """,
    "another number of torch's threads": """
        import torch
        torch.set_num_threads(4)
        x = torch.randn(800, 800) @ torch.randn(800, 800)
        """,
    "a memory-mapped tensor": """
        import torch
        torch.save(torch.ones(9), "t.pt"); x = torch.load("t.pt", mmap=True)
        """,
}


@pytest.mark.usefixtures("openmp_pauses")
@pytest.mark.parametrize("case", HARMLESS)
async def test_state_that_has_ended_does_not_prevent_checkpoints(edits: Edits, case: str) -> None:
    text = (
        f"{dedent(HARMLESS[case])}\n{SLOW}import torch\nw = torch.ones(600, 600)\n"
        "w = (w @ w).sum()\nprint({}, w.item())\n"
    )
    _, first = await edits.run(text.format(1))
    assert refusals(first) == []
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    assert received.stdout == f"2 {600.0**3}\n"


async def test_work_counts_again_once_a_hazard_is_over(edits: Edits) -> None:
    text = (
        "import os, time\nends = os.pipe()\ntime.sleep(0.3)\nos.close(ends[0]); os.close(ends[1])\n"
        "time.sleep(0.03)\nprint({})\n"
    )
    _, first = await edits.run(text.format(1))
    assert refusals(first) == ["connections"]
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) in (4, 5)
