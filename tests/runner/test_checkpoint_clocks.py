"""Clocks of a resumed run: the time for which its checkpoint waited does not count.

The first run of each program sleeps below the checkpoint, for longer than anything it prints may
differ by: what a resumed run prints is compared with the true time, which a list holds.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from .editing import Edits, line_resumed

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEGIN = """\
import datetime, functools, os, resource, time
from datetime import datetime as day
from time import clock_gettime_ns, monotonic as steady, perf_counter, time as wall
TRUE = [time.time()]
SLEEP = 0.25
"""

PAUSE = 1.0

ELAPSED = {
    "time.monotonic()": 1,
    "time.monotonic_ns()": 1e9,
    "time.perf_counter()": 1,
    "time.perf_counter_ns()": 1e9,
    "time.clock_gettime(time.CLOCK_MONOTONIC)": 1,
    "time.clock_gettime(time.CLOCK_MONOTONIC_RAW)": 1,
    "time.clock_gettime(time.CLOCK_BOOTTIME)": 1,
    "time.clock_gettime(6)": 1,
    "time.clock_gettime_ns(time.CLOCK_MONOTONIC)": 1e9,
    "clock_gettime_ns(time.CLOCK_MONOTONIC)": 1e9,
    "os.times().elapsed": 1,
    "perf_counter()": 1,
    "steady()": 1,
    "functools.partial(perf_counter)()": 1,
    "__import__('timeit').default_timer()": 1,
    "__import__('asyncio').BaseEventLoop.time(None)": 1,
    "__import__('threading')._time()": 1,
}


def counted(clock: str, unit: float, rest: float) -> str:
    return (
        f"{BEGIN}before = {clock}\ntime.sleep(SLEEP)\n"
        f"counted, true = ({clock} - before) / {unit}, time.time() - TRUE[0]\n"
        f"print(SLEEP - 0.02 <= counted, true - counted >= {PAUSE}, {rest})\ntime.sleep({rest})\n"
    )


@pytest.mark.parametrize("clock", ELAPSED)
async def test_a_clock_does_not_count_the_pause(edits: Edits, clock: str) -> None:
    unit = ELAPSED[clock]
    _, first = await edits.run(counted(clock, unit, PAUSE))
    assert first.stdout == f"True False {PAUSE}\n"
    for rest in (PAUSE + 1, 0):  # The second run resumes where one that resumed stood.
        _, received = await edits.run(counted(clock, unit, rest))
        assert line_resumed(received) is not None
        assert received.stdout == f"True True {rest}\n"


USED = {
    "time.process_time()": 1,
    "time.process_time_ns()": 1e9,
    "time.thread_time()": 1,
    "time.thread_time_ns()": 1e9,
    "time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)": 1,
    "time.clock_gettime_ns(time.CLOCK_THREAD_CPUTIME_ID)": 1e9,
    "sum(os.times()[:2])": 1,
    "sum(resource.getrusage(resource.RUSAGE_SELF)[:2])": 1,
    "sum(resource.getrusage(resource.RUSAGE_THREAD)[:2])": 1,
}


@pytest.mark.parametrize("clock", USED)
async def test_processor_time_includes_what_was_used_above(edits: Edits, clock: str) -> None:
    text = (
        f"{BEGIN}before = {clock}\nwhile {clock} - before < 0.2 * {USED[clock]}: pass\n"
        f"print({clock} - before >= 0.2 * {USED[clock]}, {{}})\n"
    )
    await edits.run(text.format(1))
    for number in (2, 3):
        _, received = await edits.run(text.format(number))
        assert line_resumed(received) is not None
        assert received.stdout == f"True {number}\n"


HELD = {
    "a name": ("t = time.time()", "time.time() - t"),
    "a name of an imported function": ("t = wall()", "wall() - t"),
    "several names": ("n, (t, m) = 1, (wall(), 2)", "wall() - t"),
    "nanoseconds": ("t = time.time_ns()", "(time.time_ns() - t) / 1e9"),
    "a clock by its id": (
        "t = time.clock_gettime(time.CLOCK_REALTIME)",
        "time.clock_gettime(time.CLOCK_REALTIME) - t",
    ),
    "a date": ("t = day.now()", "(day.now() - t).total_seconds()"),
    "a date with its zone": (
        "t = datetime.datetime.now(datetime.timezone.utc)",
        "(day.now(datetime.timezone.utc) - t).total_seconds()",
    ),
    "the time stamp of a date": ("t = day.now().timestamp()", "wall() - t"),
    "a deadline": ("t = wall() + 60", "60 + wall() - t"),
    "an attribute": (
        "class Timer:\n    def __init__(self): self.t = wall()\ntimer = Timer()",
        "wall() - timer.t",
    ),
    "an attribute of an object that only a list holds": (
        "class Timer:\n    def __init__(self): self.t = wall()\ntimers = [Timer()]",
        "wall() - timers[0].t",
    ),
    "an attribute of a class": ("class Timer:\n    t = wall()", "wall() - Timer.t"),
    "a name of a module": ("import own", "wall() - own.t"),
}


def held(above: str, elapsed: str, rest: float, in_main: bool) -> str:
    body = (
        f"{above}\ntime.sleep(SLEEP)\ncounted, true = {elapsed}, time.time() - TRUE[0]\n"
        f"print(SLEEP - 0.02 <= counted, true - counted >= {PAUSE}, {rest})\ntime.sleep({rest})\n"
    )
    if in_main:
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return f"{BEGIN}def main():\n{lines}main()\n"
    return BEGIN + body


@pytest.mark.parametrize("in_main", [False, True], ids=["module", "main"])
@pytest.mark.parametrize("case", HELD)
async def test_a_held_reading_of_the_wall_clock_does_not_count_the_pause(
    edits: Edits, tmp_path: Path, case: str, in_main: bool
) -> None:
    (tmp_path / "own.py").write_text("import time\nt = time.time()\n")
    roots = (str(tmp_path),)
    await edits.run(held(*HELD[case], PAUSE, in_main), roots=roots)
    for rest in (PAUSE + 1, 0):
        _, received = await edits.run(held(*HELD[case], rest, in_main), roots=roots)
        assert line_resumed(received) is not None
        assert received.stdout == f"True True {rest}\n"


async def test_a_reading_that_a_nested_function_shares_does_not_count_the_pause(
    edits: Edits,
) -> None:
    above = "t = wall()\ndef since(): return wall() - t"
    await edits.run(held(above, "since()", PAUSE, True))
    _, received = await edits.run(held(above, "since()", 0, True))
    assert line_resumed(received) is not None
    assert received.stdout == "True True 0\n"


async def test_the_wall_clock_stays_true(edits: Edits) -> None:
    text = f"{BEGIN}time.sleep(SLEEP)\nprint(time.time(), day.now().timestamp(), {{}})\n"
    _, first = await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    assert [*map(float, received.stdout.split()[:2])] > [*map(float, first.stdout.split()[:2])]


async def test_other_numbers_are_not_moved(edits: Edits, tmp_path: Path) -> None:
    text = (
        f"{BEGIN}open('made', 'w').close()\nmtime = os.path.getmtime('made'); n = 5.0\n"
        "epoch = wall() * 0\ntook = wall() - wall()\nold = wall() - 86400\nkept = [mtime, n, old]\n"
        f"time.sleep(SLEEP)\nprint([mtime, n, old] == kept, epoch, took < 1, {{}})\n"
    )
    await edits.run(text.format(1))
    _, received = await edits.run(text.format(2))
    assert line_resumed(received) is not None
    assert received.stdout == "True 0.0 True 2\n"


async def test_functions_that_read_clocks_stay_what_they_are(edits: Edits) -> None:
    text = dedent(
        """\
        import pickle, resource, time, os
        from time import perf_counter
        kept = [perf_counter, time.clock_gettime, os.times, resource.getrusage]
        before = [(repr(f), f.__doc__, f.__name__, f.__module__, pickle.dumps(f)) for f in kept]
        time.sleep(0.25)
        print([(repr(f), f.__doc__, f.__name__, f.__module__, pickle.dumps(f)) for f in kept]
              == before, kept[0] is time.perf_counter, type(os.times()).__name__, NUMBER)
        for call in (lambda: perf_counter(1), lambda: time.clock_gettime(), lambda: os.times(2)):
            try: print(call())
            except TypeError as error: print(type(error))
        """
    )
    _, first = await edits.run(text.replace("NUMBER", "1"))
    _, received = await edits.run(text.replace("NUMBER", "2"))
    assert line_resumed(received) is not None
    assert received.stdout == first.stdout.replace(" 1\n", " 2\n")


async def test_clocks_that_the_program_has_replaced_stay_replaced(edits: Edits) -> None:
    text = (
        "import time\ntime.sleep(0.25)\ntime.monotonic = lambda: 5\n{}\nprint(time.monotonic())\n"
    )
    await edits.run(text.format("time.sleep(0.25)\nn = 1"))
    _, received = await edits.run(text.format("time.sleep(0.25)\nn = 2"))
    assert line_resumed(received) is not None
    assert received.stdout == "5\n"
