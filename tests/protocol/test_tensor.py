"""One tensor looked at closely: what it held when the program ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocol.editor import Editor, editing

PROGRAM = """\
import torch
x = torch.arange(24.0).reshape(2, 3, 4)
w = torch.ones(2, requires_grad=True)
(w * 3).sum().backward()
batch = {"image": torch.rand(3, 8, 9), "n": 5}
odd = torch.empty(2, device="meta")
"""


async def test_a_tensor_is_answered_with_its_numbers(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    run = (await vscode.run(uri))["run"]
    answer = await vscode.command("tensor", {"uri": uri, "name": "x", "slice": "1"})
    statistics = answer["statistics"]
    assert (answer["run"], answer["name"], answer["label"]) == (run, "x", "f32[2,3,4] cpu")
    assert (answer["shape"], answer["strides"], answer["bytes"]) == ([2, 3, 4], [12, 4, 1], 96)
    assert (statistics["min"], statistics["max"], statistics["mean"]) == ("0.0", "23.0", "11.5")
    assert (answer["indices"], answer["rowAxis"], answer["columnAxis"]) == ([1, None, None], 1, 2)
    assert answer["block"]["cells"][2] == ["20.0", "21.0", "22.0", "23.0"]
    assert answer["heat"]["values"][0] == [12.0, 13.0, 14.0, 15.0]
    assert sum(answer["histogram"]["counts"]) == 24
    assert (answer["image"], answer["reason"], answer["sampled"]) == (None, None, False)


async def test_names_lead_to_the_values_that_the_program_holds(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    await vscode.run(uri)
    image = (await vscode.command("tensor", {"uri": uri, "name": 'batch["image"]'}))["image"]
    assert (image["width"], image["height"], image["channels"]) == (9, 8, 3)
    gradient = await vscode.command("tensor", {"uri": uri, "name": "w.grad"})
    assert gradient["block"]["cells"] == [["3.0", "3.0"]]
    assert (await vscode.command("tensor", {"uri": uri, "name": "w"}))["grad"] == "f32[2] cpu"


async def test_without_a_name_it_is_the_first_row(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    await vscode.run(uri)
    assert (await vscode.command("tensor"))["name"] == "x"


async def test_a_tensor_without_values_has_a_reason(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    await vscode.run(uri)
    answer = await vscode.command("tensor", {"uri": uri, "name": "odd"})
    assert answer["reason"] == "A tensor on the device “meta” has a shape, but no values."
    assert (answer["statistics"], answer["block"]) == (None, None)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "nope"}, "There is no “nope” at the end of the program"),
        ({"name": "batch"}, "“batch” is neither a tensor nor a NumPy array"),
        ({"name": "x", "slice": "9"}, "“9” does not fit the shape"),
        ({"name": 3}, "The command's argument is wrong: name: int"),
    ],
)
async def test_a_refused_inspection_is_answered_with_a_sentence(
    vscode: Editor, fields: dict[str, object], said: str
) -> None:
    uri = vscode.open("program.py", PROGRAM)
    await vscode.run(uri)
    assert (await vscode.command("tensor", {"uri": uri, **fields}))["error"].startswith(said)


async def test_a_program_that_has_not_run_has_no_tensors(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    assert "has not been run yet" in (await vscode.command("tensor", {"uri": uri}))["error"]
    uri = vscode.open("none.py", "import torch\n")
    await vscode.run(uri)
    assert "holds no tensor" in (await vscode.command("tensor", {"uri": uri}))["error"]


async def test_while_a_program_runs_its_tensors_are_not_looked_at(vscode: Editor) -> None:
    text = "import torch, time\nx = torch.ones(2)\nprint('here', flush=True)\ntime.sleep(600)\n"
    uri = vscode.open("program.py", text)
    ended = vscode.command_later("run", {"uri": uri})
    await vscode.until(lambda: "here" in vscode.printed())
    answer = await vscode.command("tensor", {"uri": uri, "name": "x"})
    assert "still running" in answer["error"]
    await vscode.command("stop", {"uri": uri})
    await ended


async def test_a_program_that_failed_is_looked_at_as_it_was(vscode: Editor) -> None:
    uri = vscode.open("program.py", "import torch\nx = torch.ones(2)\nx @ torch.ones(3)\n")
    assert (await vscode.run(uri))["outcome"] == "failed"
    answer = await vscode.command("tensor", {"uri": uri, "name": "x"})
    assert answer["block"]["cells"] == [["1.0", "1.0"]]


async def test_it_can_be_looked_at_again_and_again(vscode: Editor) -> None:
    uri = vscode.open("program.py", PROGRAM)
    await vscode.run(uri)
    first = await vscode.command("tensor", {"uri": uri, "name": 'batch["image"]'})
    for _ in range(3):
        assert await vscode.command("tensor", {"uri": uri, "name": 'batch["image"]'}) == first


async def test_the_sentences_are_in_the_editors_language(tmp_path: Path) -> None:
    async with editing(tmp_path, options={"locale": "pt-BR", "trusted": True}) as editor:
        uri = editor.open("program.py", PROGRAM)
        await editor.run(uri)
        answer = await editor.command("tensor", {"uri": uri, "name": "odd"})
        assert answer["reason"].startswith("Um tensor no dispositivo “meta”")
