/** The commands of the palette, the editor title, the keys and the walkthrough. */

import * as vscode from "vscode";

import { pickDevice } from "./devicePicker";
import type { CodeEditors } from "./editors";
import { INSPECTOR_VIEW } from "./inspectorView";
import type { LessonPanel } from "./lessonPanel";
import { sentence } from "./pageHost";
import type { Server } from "./server";
import type { RunTerminal } from "./terminal";

export interface Surroundings {
  server: Server;
  editors: CodeEditors;
  lessons: LessonPanel;
  terminal: RunTerminal;
}

type Command = (of: Surroundings, uri: vscode.Uri | undefined) => unknown;

const COMMANDS: Record<string, Command> = {
  run: ({ server }, uri) => server.send("run", program(uri)),
  stop: ({ server }, uri) => server.send("stop", program(uri)),
  selectDevice: ({ server }, uri) => pickDevice(server, uri),
  openLesson: ({ lessons }) => lessons.show(null, null),
  checkStep: ({ server }, uri) => server.send("check", program(uri)),
  showInspector: () => vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`),
  showTerminal: ({ terminal }) => terminal.show(),
  showLog: ({ server }) => server.log.show(),
  restart: ({ server }) => server.restart(),
  showMenu: () => showMenu(),
};

/** Those that need the server; the others work without it. */
const TO_SERVER = new Set(["run", "stop", "selectDevice", "checkStep"]);

export function registerCommands(of: Surroundings): vscode.Disposable {
  const registered = Object.entries(COMMANDS).map(([name, command]) =>
    vscode.commands.registerCommand(`tensorhints.${name}`, async (chosen?: unknown) => {
      const uri = chosen instanceof vscode.Uri ? chosen : of.editors.program;
      try {
        if (TO_SERVER.has(name)) await needTrust(of.server);
        const answer = await command(of, uri);
        const refused = refusal(answer);
        if (refused !== null) void vscode.window.showWarningMessage(refused);
      } catch (error) {
        if (error instanceof vscode.CancellationError) return;
        void vscode.window.showWarningMessage(sentence(error));
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** The server answers a command that it cannot carry out with one sentence. */
export function refusal(answer: unknown): string | null {
  if (answer === null || typeof answer !== "object" || !("error" in answer)) return null;
  return typeof answer.error === "string" ? answer.error : null;
}

function program(uri: vscode.Uri | undefined): { uri?: string } {
  return uri === undefined ? {} : { uri: uri.toString() };
}

/** In a folder that is not trusted, a command leads to where trust is given. */
async function needTrust(server: Server): Promise<void> {
  if ((await server.settled()) !== "restricted") return;
  const manage = vscode.l10n.t("Manage Trust");
  const said = vscode.l10n.t("Nothing runs until this folder is trusted.");
  void vscode.window.showInformationMessage(said, manage).then((chosen) => {
    if (chosen === manage) void vscode.commands.executeCommand("workbench.trust.manage");
  });
  throw new vscode.CancellationError();
}

async function showMenu(): Promise<void> {
  const entry = (icon: string, label: string, command: string) => ({
    label: `$(${icon}) ${label}`,
    command,
  });
  const chosen = await vscode.window.showQuickPick(
    [
      entry("chip", vscode.l10n.t("Choose Device…"), "tensorhints.selectDevice"),
      entry("terminal", vscode.l10n.t("Show Terminal"), "tensorhints.showTerminal"),
      entry("symbol-array", vscode.l10n.t("Show Tensor Inspector"), "tensorhints.showInspector"),
      entry("output", vscode.l10n.t("Show Log"), "tensorhints.showLog"),
      entry("debug-restart", vscode.l10n.t("Restart Server"), "tensorhints.restart"),
      entry("gear", vscode.l10n.t("Open Settings"), "tensorhints.openSettings"),
    ],
    { title: "Tensor Hints" },
  );
  if (chosen === undefined) return;
  if (chosen.command === "tensorhints.openSettings") {
    await vscode.commands.executeCommand("workbench.action.openSettings", "tensorhints");
  } else {
    await vscode.commands.executeCommand(chosen.command);
  }
}
