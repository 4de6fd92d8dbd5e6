"""Completion, signatures, definitions, references, outline and rename.

They are offered to editors without a Python server, and to no others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types

from protocol.editor import Editor, editing, within

MODEL = """\
import torch

def halve(x, *, keep=True):
    return x / 2

class Net:
    width = 3

    def forward(self, x):
        y = halve(x)
        return y

é = halve(torch.ones(4, 3)); é
"""


def at(uri: str, line: int, character: int) -> dict[str, Any]:
    return {
        "text_document": types.TextDocumentIdentifier(uri),
        "position": types.Position(line, character),
    }


async def completed(editor: Editor, uri: str, line: int, character: int) -> list[Any]:
    """What is offered, once jedi has read what it needs."""
    while True:
        params = types.CompletionParams(**at(uri, line, character))
        found = await within(editor.client.text_document_completion_async(params))
        if not found.is_incomplete:
            return list(found.items)


async def test_a_name_that_held_a_tensor_completes_as_a_tensor_with_its_shape(
    neovim: Editor,
) -> None:
    text = "import torch\n\ndef work(x):\n    return x\n\nwork(torch.ones(4, 3))\n"
    uri = neovim.open("live.py", text)
    await neovim.run(uri)
    neovim.replace(uri, text.replace("    return x", "    x.\n    return x"))
    offered = {item.label: item for item in await completed(neovim, uri, 3, 6)}
    assert "unsqueeze" in offered
    assert offered["unsqueeze"].detail == "x: f32[4,3] cpu"
    assert offered["unsqueeze"].kind == types.CompletionItemKind.Function


async def test_names_complete_by_the_text(neovim: Editor) -> None:
    uri = neovim.open("names.py", MODEL + "hal\n")
    assert [item.label for item in await completed(neovim, uri, 13, 3)] == ["halve"]


async def test_the_signature_of_the_call_that_is_being_typed(neovim: Editor) -> None:
    uri = neovim.open("call.py", MODEL + "halve(1\n")
    params = types.SignatureHelpParams(**at(uri, 13, 7))
    found = await within(neovim.client.text_document_signature_help_async(params))
    (signature,) = found.signatures
    assert signature.label == "halve(x, *, keep=True)"
    shown = [signature.label[slice(*parameter.label)] for parameter in signature.parameters]
    assert shown == ["x", "keep=True"]
    assert found.active_parameter == 0


async def test_definition_and_references_count_in_the_clients_units(neovim: Editor) -> None:
    uri = neovim.open("uses.py", MODEL)
    end = len("é = halve(torch.ones(4, 3)); ".encode())
    found = await within(
        neovim.client.text_document_definition_async(types.DefinitionParams(**at(uri, 12, end)))
    )
    assert [(location.uri, location.range.start, location.range.end) for location in found] == [
        (uri, types.Position(12, 0), types.Position(12, len("é".encode())))
    ]
    params = types.ReferenceParams(types.ReferenceContext(False), **at(uri, 2, 5))
    uses = await within(neovim.client.text_document_references_async(params))
    assert [(use.range.start.line, use.range.start.character) for use in uses] == [
        (9, 12),
        (12, len("é = ".encode())),
    ]


async def test_the_outline_nests_methods_in_their_class(neovim: Editor) -> None:
    uri = neovim.open("outline.py", MODEL)
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    found = await within(neovim.client.text_document_document_symbol_async(params))
    assert [(symbol.name, symbol.kind.name) for symbol in found] == [
        ("halve", "Function"),
        ("Net", "Class"),
        ("é", "Variable"),
    ]
    assert [(symbol.name, symbol.kind.name) for symbol in found[1].children] == [
        ("width", "Variable"),
        ("forward", "Method"),
    ]


async def test_rename_changes_every_use_and_nothing_else(neovim: Editor) -> None:
    uri = neovim.open("rename.py", MODEL)
    params = types.RenameParams(new_name="double", **at(uri, 2, 5))
    edit = await within(neovim.client.text_document_rename_async(params))
    changes = edit.document_changes[0].edits if edit.document_changes else edit.changes[uri]
    assert sorted(change.range.start.line for change in changes) == [2, 9, 12]
    assert {change.new_text for change in changes} == {"double"}


async def test_other_files_count_as_they_are_in_the_editor(neovim: Editor) -> None:
    """Unsaved, saved nowhere, and as on the disk again once they are closed."""
    module = neovim.folder / "module.py"
    module.write_text("VALUE = 3\n", "utf-8")
    uses = neovim.open("uses_of_module.py", "from module import VALUE\nVALUE\n")
    asked = types.DefinitionParams(**at(uses, 1, 2))

    async def defined() -> list[tuple[str, int]]:
        found = await within(neovim.client.text_document_definition_async(asked))
        return [(location.uri, location.range.start.line) for location in found]

    other = module.as_uri()
    assert await defined() == [(other, 0)]
    assert neovim.open("module.py", "# unsaved\n\nVALUE = 3\n", saved=False) == other
    assert await defined() == [(other, 2)]
    neovim.replace(other, "# unsaved\n\n\n\nVALUE = 3\n")
    assert await defined() == [(other, 4)]
    params = types.RenameParams(new_name="WERT", **at(uses, 1, 2))
    edit = await within(neovim.client.text_document_rename_async(params))
    changes = edit.changes or {
        change.text_document.uri: change.edits for change in edit.document_changes
    }
    lines = {uri: [each.range.start.line for each in edits] for uri, edits in changes.items()}
    assert lines == {uses: [0, 1], other: [4]}
    neovim.close(other)
    assert await defined() == [(other, 0)]


async def test_names_of_a_package_are_not_renamed(neovim: Editor) -> None:
    uri = neovim.open("package.py", MODEL)
    params = types.RenameParams(new_name="eins", **at(uri, 12, MODEL.split("\n")[12].find("ones")))
    assert await within(neovim.client.text_document_rename_async(params)) is None
    await neovim.until(lambda: any("renamed" in message for message in neovim.shown_messages()))


async def test_renaming_to_a_word_that_is_not_a_name_is_refused(neovim: Editor) -> None:
    uri = neovim.open("word.py", MODEL)
    params = types.RenameParams(new_name="class", **at(uri, 2, 5))
    assert await within(neovim.client.text_document_rename_async(params)) is None
    await neovim.until(lambda: any("“class”" in message for message in neovim.shown_messages()))


async def test_an_editor_with_its_own_python_server_is_offered_nothing(vscode: Editor) -> None:
    capabilities = vscode.initialized.capabilities
    assert capabilities.completion_provider is None
    assert capabilities.rename_provider is None
    assert capabilities.definition_provider is None


async def test_the_setting_decides_against_the_editors_kind(tmp_path: Path) -> None:
    options = {"settings": {"python": {"features": "on"}}}
    async with editing(tmp_path, "vscode", options=options) as editor:
        assert editor.initialized.capabilities.completion_provider is not None
    options = {"settings": {"python": {"features": "off"}}}
    async with editing(tmp_path, "neovim", options=options) as editor:
        assert editor.initialized.capabilities.completion_provider is None


async def test_a_slow_completion_does_not_delay_hints(neovim: Editor) -> None:
    uri = neovim.open("busy.py", "import torch\nx = torch.ones(3)\ntorch.\n")
    neovim.replace(uri, "import torch\nx = torch.ones(3)\n")
    await neovim.run(uri)
    neovim.type(uri, (2, 0), "torch.\n")
    params = types.CompletionParams(**at(uri, 2, 6))
    thinking = neovim.client.text_document_completion_async(params)
    hints = await neovim.hints(uri)
    assert [hint.label for hint in hints] == [": f32[3] cpu"]
    await within(thinking)
