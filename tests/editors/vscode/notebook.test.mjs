// A notebook: its cells are one program, run by the lens of the first cell, with hints in all cells.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open } from "./workbench.mjs";

const FILE = "book.ipynb";
const CELLS = ["import torch\nx = torch.ones(4, 3)", "# A title", "y = x.sum(0)\nz = y @ torch.ones(3, 5)"];
const cell = (source, index) =>
  index === 1
    ? { cell_type: "markdown", metadata: {}, source: [source] }
    : { cell_type: "code", metadata: {}, source: [source], outputs: [], execution_count: null };
const BOOK = {
  cells: CELLS.map(cell),
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 4,
};
let workbench;

before(async () => {
  workbench = await open({ files: { [FILE]: JSON.stringify(BOOK) } });
  await workbench.start();
  await workbench.ready();
});
afterEach((test) => workbench?.keep(test));
after(() => workbench?.close());

/** The editors of the code cells, from top to bottom. */
const editor = (index) =>
  workbench.page.locator(".notebookOverlay .code-cell-row .monaco-editor[data-uri]").nth(index);
const hint = (index, text) => editor(index).locator(".view-lines span", { hasText: text }).last();

test("the lens of the first cell runs the notebook, and each cell shows its own hints", async () => {
  await workbench.openNotebook(FILE);
  await editor(0).locator(".codelens-decoration a", { hasText: "Run" }).first().click();
  await hint(0, "f32[4,3] cpu").waitFor();
  await hint(1, "f32[3] cpu").waitFor();
  await hint(1, "f32[5] cpu").waitFor();
  await workbench.screenshot("notebook");
});

test("an edit of one cell changes the hints of the next", async () => {
  await editor(0).locator(".view-line", { hasText: "torch.ones" }).click();
  await workbench.page.keyboard.press("End");
  for (let back = 0; back < 3; back++) await workbench.page.keyboard.press("Backspace");
  await workbench.page.keyboard.type(" 3).new_ones(7, 2, 3)");
  await hint(0, "f32[7,2,3] cpu").waitFor();
  await hint(1, "f32[2,5] cpu").waitFor();
});

test("the inspector shows the notebook's tensors and goes to the cell of one", async () => {
  await workbench.command("Tensor Hints: Show Tensor Inspector");
  const page = await workbench.webview(".name");
  await page.getByText("z", { exact: true }).first().click();
  await workbench.page.locator('.monaco-editor.focused[data-uri^="vscode-notebook-cell"]').waitFor();
  assert.match(await workbench.page.locator(".monaco-editor.focused").first().innerText(), /z/);
});
