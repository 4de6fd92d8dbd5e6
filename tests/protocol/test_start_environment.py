"""Variables of `run.env` that Python and torch read only at their start have their effect."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from protocol.editor import Editor

PROGRAM = """\
import os, sys, warnings
import torch

print(hash("a") if "PYTHONHASHSEED" in os.environ else "a random hash")
print(torch.get_num_threads(), os.environ.get("OMP_NUM_THREADS"))
print(__debug__, sys.flags.optimize, main.__doc__ if "main" in globals() else None)
try:
    assert False, "checked"
except AssertionError as error:
    print(error)
try:
    warnings.warn("a warning", UserWarning)
    print("only warned")
except UserWarning as error:
    print("raised", error)
print({name: os.environ.get(name) for name in ("OMP_WAIT_POLICY", "OPENBLAS_NUM_THREADS")})
if "TORCH_LOGS" in os.environ:
    import logging
    print(logging.getLogger("torch._dynamo").getEffectiveLevel())
"""

ENVIRONMENTS = {
    "the hash seed": {"PYTHONHASHSEED": "0"},
    "threads, also those that a host limits": {
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "ACTIVE",
        "OPENBLAS_NUM_THREADS": "2",
    },
    "optimization": {"PYTHONOPTIMIZE": "1"},
    "warnings": {"PYTHONWARNINGS": "error::UserWarning"},
    "torch's logs": {"TORCH_LOGS": "+dynamo"},
    "nothing": {},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
async def test_a_program_prints_what_plain_python_prints(neovim: Editor, name: str) -> None:
    environment = ENVIRONMENTS[name]
    uri = neovim.open("program.py", PROGRAM)
    plain = subprocess.run(
        [sys.executable, str(neovim.folder / "program.py")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    await neovim.configure({"run": {"env": environment, "interpreter": sys.executable}})
    answer = await neovim.run(uri)
    await neovim.configure({})
    assert answer["outcome"] == "finished", neovim.printed()
    assert neovim.printed("stdout") == plain.stdout


async def test_edits_resume_in_a_host_of_their_own(neovim: Editor) -> None:
    await neovim.configure({"run": {"env": {"PYTHONHASHSEED": "1"}}})
    text = "import time\nvalue = hash('a')\ntime.sleep(0.3)\nprint(value, 1)\n"
    uri = neovim.open("resumed.py", text)
    await neovim.run(uri)
    for number in (2, 3):
        known = len(neovim.runs)
        neovim.edit(uri, (3, 13), (3, 14), str(number))
        state = await neovim.run_after(known)
        assert state.outcome == "finished"
    await neovim.configure({})
    assert state.resumedLine is not None
    values = {line.split()[0] for line in neovim.printed("stdout").splitlines()}
    assert len(values) == 1
