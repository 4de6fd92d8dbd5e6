"""A notebook's code cells run in order as one program; each cell shows its own results."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from protocol.editor import Editor, within


class Notebook:
    """A notebook that is open in an editor."""

    def __init__(
        self, editor: Editor, name: str, *cells: str, tags: Mapping[int, Any] | None = None
    ) -> None:
        self.editor, self.client = editor, editor.client
        self.uri = editor.uri(name)
        self.version = 1
        self.texts: dict[str, str] = {}
        self.order = [self._cell(text) for text in cells]
        cell = types.NotebookCellKind.Code
        self.client.notebook_document_did_open(
            types.DidOpenNotebookDocumentParams(
                types.NotebookDocument(
                    self.uri,
                    "jupyter-notebook",
                    1,
                    [
                        types.NotebookCell(cell, uri, (tags or {}).get(number))
                        for number, uri in enumerate(self.order)
                    ],
                ),
                [self._item(uri) for uri in self.order],
            )
        )

    def _cell(self, text: str) -> str:
        uri = f"vscode-notebook-cell:{self.uri.removeprefix('file://')}#C{len(self.texts)}"
        self.texts[uri] = text
        return uri

    def _item(self, uri: str) -> types.TextDocumentItem:
        return types.TextDocumentItem(uri, "python", 1, self.texts[uri])

    def _change(self, cells: types.NotebookDocumentCellChanges) -> None:
        self.version += 1
        self.client.notebook_document_did_change(
            types.DidChangeNotebookDocumentParams(
                types.VersionedNotebookDocumentIdentifier(self.version, self.uri),
                types.NotebookDocumentChangeEvent(cells=cells),
            )
        )

    def type(self, cell: int, line: int, character: int, text: str) -> None:
        location = types.Position(line, character)
        change = types.TextDocumentContentChangePartial(types.Range(location, location), text)
        content = types.NotebookDocumentCellContentChanges(
            types.VersionedTextDocumentIdentifier(self.version + 1, self.order[cell]), [change]
        )
        self._change(types.NotebookDocumentCellChanges(text_content=[content]))

    def insert(self, index: int, text: str) -> None:
        uri = self._cell(text)
        self.order.insert(index, uri)
        array = types.NotebookCellArrayChange(
            index, 0, [types.NotebookCell(types.NotebookCellKind.Code, uri)]
        )
        structure = types.NotebookDocumentCellChangeStructure(array, [self._item(uri)])
        self._change(types.NotebookDocumentCellChanges(structure=structure))

    def delete(self, index: int) -> None:
        uri = self.order.pop(index)
        structure = types.NotebookDocumentCellChangeStructure(
            types.NotebookCellArrayChange(index, 1), None, [types.TextDocumentIdentifier(uri)]
        )
        self._change(types.NotebookDocumentCellChanges(structure=structure))

    def move_last_line(self, cell: int) -> None:
        """Move the last line of a cell to the beginning of the next one."""
        first, second = self.order[cell : cell + 2]
        *_, above, moved = self.texts[first].split("\n")
        row = self.texts[first].count("\n")
        start, end = types.Position(row - 1, len(above)), types.Position(row, len(moved))
        taken = types.TextDocumentContentChangePartial(types.Range(start, end), "")
        top = types.Range(types.Position(0, 0), types.Position(0, 0))
        put = types.TextDocumentContentChangePartial(top, moved + "\n")
        contents = [
            types.NotebookDocumentCellContentChanges(
                types.VersionedTextDocumentIdentifier(self.version + 1, uri), [change]
            )
            for uri, change in ((first, taken), (second, put))
        ]
        self._change(types.NotebookDocumentCellChanges(text_content=contents))

    def tag(self, cell: int, metadata: Any) -> None:
        """Change the metadata of a cell, as VS Code sends it."""
        kind = types.NotebookCellKind.Code
        changed = types.NotebookCell(kind, self.order[cell], metadata)
        self._change(types.NotebookDocumentCellChanges(data=[changed]))

    async def hints(self, cell: int) -> list[tuple[int, int, str]]:
        found = await self.editor.hints(self.order[cell])
        return [(hint.position.line, hint.position.character, str(hint.label)) for hint in found]

    async def run(self) -> Any:
        return await self.editor.run(self.order[-1])

    def close(self) -> None:
        self.client.notebook_document_did_close(
            types.DidCloseNotebookDocumentParams(
                types.NotebookDocumentIdentifier(self.uri),
                [types.TextDocumentIdentifier(uri) for uri in self.order],
            )
        )


CELLS = (
    "%matplotlib inline\nimport torch",
    "x = torch.ones(4, 3)\n!echo nothing\ny = x.sum(0)",
    "z = y @ torch.ones(3, 5)",
)


async def test_each_cell_shows_its_own_hints(vscode: Editor) -> None:
    book = Notebook(vscode, "own.ipynb", *CELLS)
    assert (await book.run())["outcome"] == "finished"
    assert await book.hints(0) == []
    assert await book.hints(1) == [(0, 1, ": f32[4,3] cpu"), (2, 1, ": f32[3] cpu")]
    assert await book.hints(2) == [(0, 1, ": f32[5] cpu")]
    book.close()


async def test_hints_follow_edits_and_new_cells(vscode: Editor) -> None:
    book = Notebook(vscode, "edits.ipynb", *CELLS)
    await book.run()
    known = len(vscode.runs)
    book.insert(1, "n = torch.zeros(2)")
    await vscode.run_after(known)
    assert await book.hints(1) == [(0, 1, ": f32[2] cpu")]
    assert await book.hints(3) == [(0, 1, ": f32[5] cpu")]
    known = len(vscode.runs)
    book.type(2, 0, len("x = torch.ones(4"), "0")
    await vscode.run_after(known)
    assert (await book.hints(2))[0] == (0, 1, ": f32[40,3] cpu")
    known = len(vscode.runs)
    book.delete(1)
    assert await book.hints(1) == [(0, 1, ": f32[40,3] cpu"), (2, 1, ": f32[3] cpu")]
    book.close()


async def test_a_failure_is_shown_in_its_cell(vscode: Editor) -> None:
    book = Notebook(vscode, "fails.ipynb", *CELLS, "# a comment\nz @ x")
    assert (await book.run())["outcome"] == "failed"
    assert await vscode.pulled(book.order[1]) == []
    (failure,) = await vscode.pulled(book.order[3])
    assert (failure.range.start.line, failure.range.start.character) == (1, 0)
    assert "x" in failure.message
    book.close()


async def test_bad_syntax_is_shown_in_its_cell(vscode: Editor) -> None:
    book = Notebook(vscode, "syntax.ipynb", *CELLS, "w = (")
    assert (await book.run())["outcome"] == "refused"
    assert [await vscode.pulled(uri) for uri in book.order[:3]] == [[], [], []]
    (problem,) = await vscode.pulled(book.order[3])
    assert problem.range.start.line == 0
    book.close()


async def test_the_first_cell_alone_offers_to_run(vscode: Editor) -> None:
    book = Notebook(vscode, "lens.ipynb", *CELLS)
    assert any("Run" in title for title in await vscode.lenses(book.order[0]))
    assert await vscode.lenses(book.order[1]) == []
    book.close()


async def test_hover_and_the_inspectors_rows_count_lines_in_the_cell(vscode: Editor) -> None:
    book = Notebook(vscode, "hover.ipynb", *CELLS)
    await book.run()
    hover = await vscode.hover(book.order[1], 2, 4)
    assert hover is not None
    assert hover.range == types.Range(types.Position(2, 4), types.Position(2, 5))
    rows = (await vscode.command("tensors", {"uri": book.order[0]}))["rows"]
    first, second = book.order[1:]
    locations = [(row["name"], row["uri"], row["line"]) for row in rows]
    assert locations == [("x", first, 0), ("y", first, 2), ("z", second, 0)]
    book.close()


async def test_marks_of_lines_count_in_the_cell(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "marks.ipynb",
        "import torch\ndef never(a):\n    return a @ a",
        "x = torch.ones(2)\nif x.sum() > 5:\n    y = x\n    z = y",
        "x @ torch.ones(3)",
    )
    await book.run()

    def marks(cell: int) -> Any:
        sent = [lines for lines in vscode.lines if lines.uri == book.order[cell]]
        return (sent[-1].failed, sent[-1].unreached) if sent else None

    await vscode.until(lambda: marks(2) == (0, []))
    await vscode.until(lambda: marks(0) == (None, [[2, 2]]))
    await vscode.until(lambda: marks(1) == (None, [[2, 3]]))
    assert {lines.uri for lines in vscode.lines} <= set(book.order)
    book.close()


async def test_other_languages_and_percent_signs(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "magic.ipynb",
        "%%bash\nls -l | grep x",
        "%%time\nimport torch\na = torch.ones(7 \n   % 4)",
        "files = !ls\ntorch.ones?\nb = torch.ones(2)",
    )
    assert (await book.run())["outcome"] == "finished"
    assert (2, 1, ": f32[3] cpu") in await book.hints(1)
    assert await book.hints(2) == [(2, 1, ": f32[2] cpu")]
    book.close()


async def test_a_magic_line_keeps_its_python_part(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "kept.ipynb",
        "import torch\n!pip install a \\\n  b\n%time q = torch.ones(2)\nfiles = !ls",
        "w = q * (1 + len(files))",
    )
    assert (await book.run())["outcome"] == "finished"
    assert await book.hints(0) == [(3, 7, ": f32[2] cpu")]
    assert await book.hints(1) == [(0, 1, ": f32[2] cpu")]
    book.close()


ASYNCHRONOUS = r"""import contextlib
async def several():
    for n in range(1, 3):
        yield await made(n)
@contextlib.asynccontextmanager
async def opened():
    yield await made(5)
async for one in several():
    kept = one
all = [two async for two in several()]
async with opened() as five:
    warned = '\d'"""


async def test_cells_have_the_names_that_jupyter_defines(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "shown.ipynb",
        "import asyncio, torch\nasync def made(n):\n    await asyncio.sleep(0)\n"
        "    return torch.ones(n)",
        "shown = display(torch.ones(1), 'two', display_id=True)\nshown.update('three')\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "tasks = asyncio.gather(made(6), made(7))\ntask = asyncio.create_task(made(3))\n"
        "u, v = await tasks",
        "x = await made(2)\ntask = asyncio.ensure_future(made(3))\ny = [await made(4), await task]",
        ASYNCHRONOUS,
        "async def wrong():\n    await asyncio.sleep(0)\n    a = torch.ones(2)\n"
        "    return a @ torch.ones(3)\nawait wrong()",
    )
    known = len(vscode.output)
    assert (await book.run())["outcome"] == "failed"
    printed = "".join(part.text for part in vscode.output[known:])
    assert "tensor([1.])\n'two'\n'three'\n" in printed
    assert "notebook.py" not in printed
    assert await book.hints(2) == [(2, 1, ": f32[6] cpu"), (2, 4, ": f32[7] cpu")]
    assert (await book.hints(3))[0] == (0, 1, ": f32[2] cpu")
    shown = [(line, label) for line, _, label in await book.hints(4)]
    assert (7, ": f32[1|2] cpu") in shown
    assert (10, ": f32[5] cpu") in shown
    (failure,) = await vscode.pulled(book.order[5])
    assert failure.range.start.line == 3
    assert "a: f32[2]" in failure.message
    book.close()


async def test_a_closed_notebook_has_no_lenses(vscode: Editor) -> None:
    book = Notebook(vscode, "closed.ipynb", *CELLS)
    await book.run()
    book.close()
    params = types.CodeLensParams(types.TextDocumentIdentifier(book.order[0]))
    assert await within(vscode.client.text_document_code_lens_async(params)) is None


RAISES = {"metadata": {"tags": ["raises-exception"]}}


async def test_the_cells_after_a_failing_one_run(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "on.ipynb",
        "import torch\nx = torch.ones(2)",
        "y = x @ torch.ones(3)\nnever = x\nnever = y",
        "z = x + 1\nz @ torch.ones(5)\nnever = z",
        "w = z.sum(0)",
    )
    known = len(vscode.output)
    assert (await book.run())["outcome"] == "failed"
    assert await book.hints(2) == [(0, 1, ": f32[2] cpu")]
    assert await book.hints(3) == [(0, 1, ": f32[] cpu = 4.0")]
    found = [await vscode.pulled(uri) for uri in book.order]
    assert [[(each.range.start.line, each.severity) for each in cell] for cell in found] == [
        [],
        [(0, types.DiagnosticSeverity.Error)],
        [(1, types.DiagnosticSeverity.Error)],
        [],
    ]
    assert any(
        "failed at line 1 of cell 2" in title for title in await vscode.lenses(book.order[0])
    )
    printed = "".join(part.text for part in vscode.output[known:])
    assert "  Cell 2, line 1, in <module>\n    y = x @ torch.ones(3)\n" in printed
    assert "  Cell 3, line 2, in <module>\n" in printed
    assert "ipynb" not in printed

    def marks(cell: int) -> Any:
        sent = [lines for lines in vscode.lines if lines.uri == book.order[cell]]
        return (sent[-1].failed, sent[-1].unreached) if sent else None

    await vscode.until(lambda: marks(1) == (0, [[1, 2]]))
    await vscode.until(lambda: marks(2) == (1, [[2, 2]]))
    book.close()


async def test_a_failure_that_a_cell_is_tagged_to_have_is_an_information(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "tagged.ipynb",
        "import torch\nx = torch.ones(2)",
        "x @ torch.ones(3)",
        "z = x + 1",
        tags={1: RAISES},
    )
    assert (await book.run())["outcome"] == "finished"
    (shown,) = await vscode.pulled(book.order[1])
    assert shown.severity == types.DiagnosticSeverity.Information
    assert shown.message.startswith("Expected, as the cell is tagged raises-exception: x: f32[2]")
    assert await book.hints(2) == [(0, 1, ": f32[2] cpu")]
    known = len(vscode.runs)
    book.tag(1, {})
    assert (await vscode.run_after(known)).outcome == "failed"
    (shown,) = await vscode.pulled(book.order[1])
    assert shown.severity == types.DiagnosticSeverity.Error
    book.close()


async def test_a_notebook_stops_where_a_cell_fails_if_that_is_set(vscode: Editor) -> None:
    await vscode.configure({"run": {"cellFailure": "stop"}})
    cells = "import torch\nx = torch.ones(2)", "x @ torch.ones(3)", "x[7]", "z = x + 1"
    book = Notebook(vscode, "stop.ipynb", *cells, tags={1: RAISES})
    assert (await book.run())["outcome"] == "failed"
    shown = [[each.severity for each in await vscode.pulled(uri)] for uri in book.order]
    severity = types.DiagnosticSeverity
    assert shown == [[], [severity.Information], [severity.Error], []]
    assert await book.hints(3) == []
    known = len(vscode.runs)
    await vscode.configure({})
    await vscode.run_after(known)
    assert await book.hints(3) == [(0, 1, ": f32[2] cpu")]
    book.close()


async def test_a_line_that_moves_to_another_cell_runs_though_no_code_changed(
    vscode: Editor,
) -> None:
    book = Notebook(
        vscode, "split.ipynb", "import torch\nx = torch.ones(2)", "x[7]\ny = x + 1", "z = x"
    )
    await book.run()
    assert await book.hints(1) == []
    known = len(vscode.runs)
    book.move_last_line(1)
    await vscode.run_after(known)
    assert await book.hints(2) == [(0, 1, ": f32[2] cpu"), (1, 1, ": f32[2] cpu")]
    book.close()


async def test_a_failing_cell_is_shown_while_the_next_one_runs(vscode: Editor) -> None:
    book = Notebook(
        vscode, "running.ipynb", "import torch\ntorch.ones(2)[7]", "while True:\n    pass"
    )
    running = asyncio.ensure_future(book.run())
    await vscode.until_diagnosed(book.order[0])
    await vscode.command("stop", {"uri": book.order[0]})
    assert (await running)["outcome"] == "stopped"
    assert len(await vscode.pulled(book.order[0])) == 1
    titles = await vscode.lenses(book.order[0])
    assert any(re.search("stopped at line [12] of cell 2", title) for title in titles)
    book.close()


async def test_tracebacks_and_warnings_of_the_program_speak_of_cells(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "prints.ipynb",
        "import sys, traceback, warnings\ndef f():\n    1 / 0",
        "try:\n    f()\nexcept ZeroDivisionError:\n    traceback.print_exc()",
        "\nwarnings.warn('careful')",
        "class Custom(Exception): pass\ntry:\n    f()\nexcept Exception as e:\n"
        "    raise Custom from e",
    )
    known = len(vscode.output)
    await book.run()
    printed = "".join(part.text for part in vscode.output[known:])
    assert "  Cell 2, line 2, in <module>\n    f()\n" in printed
    assert "  Cell 1, line 3, in f\n    1 / 0\n" in printed
    assert "Cell 3:2: UserWarning: careful\n  warnings.warn('careful')\n" in printed
    assert "  Cell 4, line 5, in <module>\n" in printed
    assert "ipynb" not in printed
    book.close()


async def test_an_edit_below_a_failed_cell_runs_it_again_and_says_why(vscode: Editor) -> None:
    book = Notebook(
        vscode,
        "below.ipynb",
        "import time, torch\nx = torch.ones(2)\nbegan = time.perf_counter()\n"
        "while time.perf_counter() - began < 0.5:\n    pass",
        "x[7]",
        "while time.perf_counter() - began < 1:\n    pass",
        "y = x + 1",
    )
    await book.run()
    known = len(vscode.runs)
    book.type(3, 0, len("y = x + 1"), "0")
    assert (await vscode.run_after(known)).outcome == "failed"
    assert len(await vscode.pulled(book.order[1])) == 1
    assert await book.hints(3) == [(0, 1, ": f32[2] cpu")]
    book.close()
