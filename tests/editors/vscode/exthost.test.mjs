// Runs the suite inside the extension host and returns its report.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import util from "node:util";
import { LIMIT, open } from "./workbench.mjs";

test("the suite passes inside the extension host", async () => {
  const suite = path.join(import.meta.dirname, "exthost.suite.cjs");
  const workbench = await open({
    files: { "program.py": "import torch\nx = torch.ones(2, 3)\n" },
    payload: [
      ["extensionDevelopmentPath", path.resolve(import.meta.dirname, "../../../vscode-client")],
      ["extensionTestsPath", suite],
      ["skipWelcome", "true"],
    ],
  });
  try {
    const ended = new Promise((done, failed) => {
      workbench.page.exposeFunction("codeAutomationExit", done);
      setTimeout(() => failed(new Error("the suite did not end")), 3 * LIMIT).unref();
    });
    const said = [];
    await workbench.page.exposeFunction("codeAutomationLog", (_, words) => {
      const line = util.format(...words);
      if (!/gallery|socket|connection token/i.test(line)) said.push(line);
    });
    await workbench.start();
    const status = await ended;
    console.log(said.join("\n"));
    assert.equal(status, 0);
  } finally {
    await workbench.close();
  }
});
