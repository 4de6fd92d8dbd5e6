"""A long loop shows hints while it runs."""

from __future__ import annotations

import re
from textwrap import dedent

from protocol.editor import Editor

LOOP = """\
    import os
    import torch
    net = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(net.parameters(), 0.001)
    x = torch.ones(8, 4)
    while not os.path.exists("enough"):
        loss = (net(x) - 100).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""


async def test_the_loss_of_a_loop_is_shown_and_shown_anew_while_the_loop_runs(
    vscode: Editor,
) -> None:
    uri = vscode.open("streaming.py", dedent(LOOP))
    ends = vscode.command_later("run", {"uri": uri})
    seen: set[str] = set()
    while len(seen) < 3:
        refreshes = vscode.hint_refreshes
        found = re.search(r"loss«: (f32\[\] cpu = .*)»", await vscode.drawn(uri))
        seen.update(found.groups() if found else ())
        await vscode.until_refreshed(refreshes)
    assert not ends.done()
    (vscode.folder / "enough").touch()
    assert (await ends)["outcome"] == "finished"
