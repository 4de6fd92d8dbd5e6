// VS Code in Portuguese: all texts of the extension, the server and the course are.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open } from "./workbench.mjs";

let workbench;

before(async () => {
  workbench = await open({
    files: { "programa.py": "import torch\nx = torch.ones(2, 3)\n" },
    locale: "pt-br",
  });
  await workbench.start();
  await workbench.ready();
});
afterEach((test) => workbench?.keep(test));
after(() => workbench?.close());

test("commands, lenses and the terminal are in Portuguese", async () => {
  await workbench.openFile("programa.py");
  await workbench.command("Tensor Hints: Executar arquivo Python");
  await workbench.hint("programa.py", "f32[2,3] cpu").waitFor();
  await workbench.page.locator(".codelens-decoration", { hasText: "Executar" }).waitFor();
  await workbench.terminalText("terminou em").waitFor();
});

test("the lesson page is in Portuguese", async () => {
  await workbench.command("Tensor Hints: Abrir lição");
  const page = await workbench.webview("h1");
  await page.getByRole("button", { name: "Próximo" }).or(page.getByRole("button", { name: "Próxima" })).first().waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "pt-BR");
  await workbench.screenshot("lesson-portuguese-light");
  assert.deepEqual(await workbench.faults(page), []);
});
