/** The commands of the palette, the editor title, the key bindings and the walkthrough. */

import * as vscode from "vscode";
import { pickDevice } from "./editor/devicePicker";
import type { CodeEditors } from "./editor/editors";
import type { RunTerminal } from "./editor/terminal";
import { INSPECTOR_VIEW } from "./pages/inspectorView";
import type { LessonPanel } from "./pages/lessonPanel";
import { refusal, sentence } from "./server/answers";
import type { Server } from "./server/server";

/** What the commands act on. */
export interface Services {
  server: Server;
  editors: CodeEditors;
  lessons: LessonPanel;
  terminal: RunTerminal;
}

type Command = (services: Services, uri: vscode.Uri | undefined) => unknown;

const COMMANDS: Record<string, Command> = {
  run: ({ server }, uri) => server.send("run", argument(uri)),
  stop: ({ server }, uri) => server.send("stop", argument(uri)),
  continue: ({ server }, uri) => server.send("continue", argument(uri)),
  selectDevice: ({ server }, uri) => pickDevice(server, uri),
  openLesson: ({ lessons }) => lessons.show(null, null),
  checkStep: ({ server }, uri) => server.send("check", argument(uri)),
  showInspector: () => vscode.commands.executeCommand(`${INSPECTOR_VIEW}.focus`),
  showTerminal: ({ terminal }) => terminal.show(),
  showLog: ({ server }) => server.log.show(),
  restart: ({ server }) => server.restart(),
  showMenu: () => showMenu(),
};

/** The commands that need the server. */
const NEEDS_SERVER = new Set(["run", "stop", "continue", "selectDevice", "checkStep"]);

export function registerCommands(services: Services): vscode.Disposable {
  const disposables = Object.entries(COMMANDS).map(([name, command]) =>
    vscode.commands.registerCommand(`tensorhints.${name}`, async (chosen?: unknown) => {
      const uri = chosen instanceof vscode.Uri ? chosen : services.editors.program;
      try {
        if (NEEDS_SERVER.has(name)) await requireTrust(services.server);
        const answer = await command(services, uri);
        const refused = refusal(answer);
        if (refused !== null) void vscode.window.showWarningMessage(refused);
      } catch (error) {
        if (error instanceof vscode.CancellationError) return;
        void vscode.window.showWarningMessage(sentence(error));
      }
    }),
  );
  return vscode.Disposable.from(...disposables);
}

function argument(uri: vscode.Uri | undefined): { uri?: string } {
  return uri === undefined ? {} : { uri: uri.toString() };
}

/** In an untrusted folder, offer to manage trust and cancel the command. */
async function requireTrust(server: Server): Promise<void> {
  if ((await server.settled()) !== "restricted") return;
  const manage = vscode.l10n.t("Manage Trust");
  const message = vscode.l10n.t("Nothing runs until this folder is trusted.");
  void vscode.window.showInformationMessage(message, manage).then((chosen) => {
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
