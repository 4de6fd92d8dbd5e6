// Runs inside VS Code's extension host with its real API: contributions and behaviour of the extension.
const assert = require("node:assert/strict");
const path = require("node:path");
const { createRequire } = require("node:module");
const vscode = require("vscode");

const client = path.resolve(__dirname, "../../../vscode-client");
const Mocha = createRequire(path.join(client, "package.json"))("mocha");

exports.run = () =>
  new Promise((resolve, reject) => {
    const mocha = new Mocha({ timeout: 60_000, color: false });
    mocha.suite.emit("pre-require", globalThis, "", mocha);
    suite();
    mocha.run((failures) =>
      failures === 0 ? resolve() : reject(new Error(`${failures} tests failed`)),
    );
  });

function suite() {
  const extension = vscode.extensions.getExtension("tensorhints.tensorhints");
  const whole = (document) => new vscode.Range(0, 0, document.lineCount, 0);
  const until = async (look, what) => {
    const end = Date.now() + 50_000;
    for (;;) {
      const found = await look();
      if (found) return found;
      if (Date.now() > end) throw new Error(`never: ${what}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  };
  let document;

  before(async () => {
    const [file] = await vscode.workspace.findFiles("program.py");
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });

  it("activates without waiting for the server", async () => {
    const begun = performance.now();
    await extension.activate();
    console.log(`activate() took ${(performance.now() - begun).toFixed(1)} ms`);
    assert.equal(extension.isActive, true);
  });

  it("registers every command that it contributes", async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const contributed = extension.packageJSON.contributes.commands.map(({ command }) => command);
    assert.deepEqual(contributed.filter((command) => !known.has(command)), []);
  });

  it("shows hints after its command has run the file", async () => {
    await vscode.commands.executeCommand("tensorhints.run");
    const hints = await until(async () => {
      const given = await vscode.commands.executeCommand(
        "vscode.executeInlayHintProvider",
        document.uri,
        whole(document),
      );
      return given.length > 0 && given;
    }, "hints");
    assert.deepEqual(
      hints.map(({ position, label }) => [position.line, label]),
      [[1, ": f32[2,3] cpu"]],
    );
  });

  it("runs the file again when it is edited", async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(1).range, "x = torch.ones(5)");
    await vscode.workspace.applyEdit(edit);
    await until(async () => {
      const given = await vscode.commands.executeCommand(
        "vscode.executeInlayHintProvider",
        document.uri,
        whole(document),
      );
      return given.length === 1 && given[0].label === ": f32[5] cpu";
    }, "the new hint");
  });

  it("returns the inspector's rows", async () => {
    const { rows } = await vscode.commands.executeCommand("tensorhints.server.tensors", {
      uri: document.uri.toString(),
    });
    assert.deepEqual(rows.map(({ name }) => name), ["x"]);
  });

  it("restarts its server on several requests at once", async () => {
    const restart = () => vscode.commands.executeCommand("tensorhints.restart");
    await Promise.all([restart(), restart(), restart()]);
    await vscode.commands.executeCommand("tensorhints.run");
    const answer = await vscode.commands.executeCommand("tensorhints.server.tensors", {
      uri: document.uri.toString(),
    });
    assert.deepEqual(answer.rows.map(({ name }) => name), ["x"]);
  });

  it("runs the program while an old version of it has the focus", async () => {
    await vscode.commands.executeCommand("tensorhints.restart");
    const old = await vscode.workspace.openTextDocument(
      document.uri.with({ scheme: "tensorhints-before" }),
    );
    await vscode.window.showTextDocument(old);
    assert.equal(vscode.window.activeTextEditor.document.languageId, "python");
    await vscode.commands.executeCommand("tensorhints.run");
    const answer = await vscode.commands.executeCommand("tensorhints.server.tensors", {
      uri: document.uri.toString(),
    });
    assert.deepEqual(answer.rows?.map(({ name }) => name), ["x"]);
  });

  it("opens the lesson's file beside its page", async () => {
    await vscode.commands.executeCommand("tensorhints.openLesson");
    const shows = (is) =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => is(input ?? {})));
    await until(() => shows(({ uri }) => uri?.path.endsWith("fundamentals.py")), "the file");
    await until(() => shows(({ viewType }) => viewType?.endsWith("tensorhints.lesson")), "the page");
  });
}
