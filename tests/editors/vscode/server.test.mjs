// Failures of the server: no suitable Python, and a crash.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open } from "./workbench.mjs";

const FILE = "program.py";
const RUN = "Tensor Hints: Run Python File and Show Tensors";
const NOWHERE = "/nowhere/python3";
let workbench;

before(async () => {
  workbench = await open({
    files: { [FILE]: "import torch\nx = torch.ones(2, 3)\n" },
    machine: { "tensorhints.server.interpreter": NOWHERE },
  });
  await workbench.start();
  await workbench.ready();
});
afterEach((test) => workbench?.keep(test));
after(() => workbench?.close());

test("without a Python for the server, a message says what to do", async () => {
  await workbench.openFile(FILE);
  const toast = workbench.page.locator(".notification-toast", { hasText: "needs Python 3.10 or later" });
  await toast.waitFor();
  const said = await toast.innerText();
  assert.match(said, new RegExp(NOWHERE));
  assert.match(said, /tensorhints\.server\.interpreter/);
  await workbench.screenshot("no-python");
  assert.deepEqual(workbench.servers(), []);
});

test("when a setting names one, the server starts automatically", async () => {
  workbench.setMachine({});
  await workbench.until(() => workbench.servers().length === 1, "a server");
  await workbench.command(RUN);
  await workbench.hint(FILE, "f32[2,3] cpu").waitFor();
});

test("a server that crashes is restarted and runs the file again", async () => {
  const [killed] = workbench.servers();
  process.kill(killed, "SIGKILL");
  await workbench.until(() => workbench.servers().some((id) => id !== killed), "another server");
  await workbench.command(RUN);
  await workbench.hint(FILE, "f32[2,3] cpu").waitFor();
  await workbench.until(() => workbench.servers().length === 1, "one server alone");
});
