// A program in a folder: run, marks, terminal, device, inspector.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open } from "./workbench.mjs";

const PROGRAM = `import torch

torch.manual_seed(0)
images = torch.rand(2, 3, 32, 32)
x = torch.linspace(-3, 3, 64)
waves = torch.sin(x[:, None]) * torch.cos(2 * x)
weights = torch.randn(32, 10, requires_grad=True)
broken = waves.log()
print("\\x1b[32mdone\\x1b[0m", waves.mean().item())
`;
const FILE = "waves.py";
let workbench;
let page;

before(async () => {
  const settings = { "workbench.colorTheme": "Default Light Modern" };
  const failing = "import torch\n\na = torch.ones(2, 3)\nb = a @ torch.ones(4, 5)\n";
  workbench = await open({ files: { [FILE]: PROGRAM, "failing.py": failing }, settings });
  await workbench.start();
  await workbench.ready();
});
afterEach((test) => workbench?.keep(test));
after(() => workbench?.close());

test("before the first run the inspector explains how to start", async () => {
  await workbench.openFile(FILE);
  await workbench.command("Tensor Hints: Show Tensor Inspector");
  page = await workbench.webview(".waiting vscode-button");
  await page.getByText("Run code to inspect active tensors").waitFor();
  assert.deepEqual(await workbench.faults(page), []);
});

test("▶ in the editor's title runs the file: hints, terminal and inspector follow", async () => {
  await workbench.title("Run Python File and Show Tensors").click();
  await workbench.hint(FILE, "f32[64,64] cpu").waitFor();
  await workbench.terminalText("done").waitFor();
  await page.getByText("waves").first().waitFor();
  await workbench.screenshot("inspector-table-light");
  assert.deepEqual(await workbench.faults(page), []);
});

test("opening a tensor shows its numbers, its histogram and a heat map", async () => {
  await page.getByText("waves", { exact: true }).first().dblclick();
  await page.locator("canvas").first().waitFor();
  await page.getByRole("heading", { name: "Statistics" }).waitFor();
  await workbench.screenshot("inspector-heat-map-light");
  assert.deepEqual(await workbench.faults(page), []);
});

test("the language status item shows the device and the time, and opens the choice of devices", async () => {
  await workbench.page.locator('[id="status.languageStatus"]').hover();
  const hover = workbench.page.locator(".hover-language-status", { hasText: "auto: cpu" });
  await hover.first().waitFor();
  await workbench.screenshot("status-light");
  await hover.getByText("Device, Log, Restart").first().click();
  const entry = workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Choose Device" });
  await entry.waitFor();
  await entry.click();
  await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "Simulated" }).waitFor();
  await workbench.screenshot("devices-light");
  await workbench.page.keyboard.press("Escape");
});

test("a failure is explained at its line, and its traceback leads there", async () => {
  await workbench.openFile("failing.py");
  await workbench.title("Run Python File and Show Tensors").click();
  await workbench.page.locator(".squiggly-error").first().waitFor();
  await workbench.terminalText("failing.py").waitFor();
  await workbench.screenshot("failure-light");
});

test("VS Code reports how long the extension took to activate", async () => {
  await workbench.command("Developer: Show Running Extensions");
  const row = workbench.page.locator(".runtime-extensions-editor .extension", { hasText: "Tensor Hints" });
  const time = row.locator(".activation-time");
  // The list contains visible entries only, the slowest first.
  await workbench.page.locator(".runtime-extensions-editor .extension").first().hover();
  for (let step = 0; step < 40 && !(await row.isVisible()); step += 1) {
    await workbench.page.mouse.wheel(0, 200);
    await workbench.page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 100)));
  }
  await time.waitFor();
  console.log(`activation: ${await time.innerText()}`);
});
