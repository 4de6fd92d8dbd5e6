// An untrusted folder: nothing runs until it is trusted.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { open } from "./workbench.mjs";

const FILE = "program.py";
let workbench;
let ran;

before(async () => {
  workbench = await open({ files: { [FILE]: "" }, trusted: false });
  ran = path.join(workbench.folder, "ran");
  const program = `import torch\nopen(${JSON.stringify(ran)}, "w").close()\nx = torch.ones(2, 3)\n`;
  fs.writeFileSync(path.join(workbench.workspace, FILE), program);
  await workbench.start();
  await workbench.ready();
});
afterEach((test) => workbench?.keep(test));
after(() => workbench?.close());

test("in restricted mode a run is refused, and no server is started", async () => {
  await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  await workbench.openFile(FILE);
  await workbench.command("Tensor Hints: Run Python File and Show Tensors");
  const toast = workbench.page.locator(".notification-toast", { hasText: "Nothing runs until" });
  await toast.waitFor();
  await workbench.screenshot("restricted");
  assert.equal(fs.existsSync(ran), false);
  assert.deepEqual(workbench.servers(), []);
  await toast.getByRole("button", { name: "Manage Trust" }).click();
});

test("once the folder is trusted, the same command runs the file", async () => {
  const trust = workbench.page.locator(".workspace-trust-editor");
  await trust.getByRole("button", { name: "Trust", exact: true }).click();
  const restricted = workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" });
  await restricted.waitFor({ state: "detached" });
  await workbench.page.locator(".tab", { hasText: FILE }).click();
  await workbench.command("Tensor Hints: Run Python File and Show Tensors");
  await workbench.hint(FILE, "f32[2,3] cpu").waitFor();
  assert.equal(fs.existsSync(ran), true);
  assert.notDeepEqual(workbench.servers(), []);
});
