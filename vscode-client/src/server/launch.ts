/** How the server is started: by the user's command, or else bundled, by a suitable Python. */

import * as path from "node:path";
import * as vscode from "vscode";
import { type Executable, TransportKind } from "vscode-languageclient/node";
import type { SelectedInterpreter } from "./interpreter";
import { askInterpreter, choosePython, namesOnPath, OLDEST } from "./python";
import { clientSettings } from "./settings";

/** The server could not be started; the message is a sentence for the user. */
export class LaunchError extends Error {}

/** Return the command that starts the server. Throws `LaunchError` if no Python is suitable. */
export async function launch(
  extension: vscode.ExtensionContext,
  selected: SelectedInterpreter,
): Promise<Executable> {
  const settings = clientSettings();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const options = folder === undefined ? {} : { cwd: folder };
  const stdio = { options, transport: TransportKind.stdio };
  if (settings.serverPath !== "") {
    return { command: settings.serverPath, args: ["serve"], ...stdio };
  }
  const candidates =
    settings.serverInterpreter !== ""
      ? [settings.serverInterpreter]
      : [await selected.path(), settings.runInterpreter, ...namesOnPath(process.platform)];
  const found = await choosePython(
    candidates.filter((candidate) => candidate !== null && candidate !== "") as string[],
    askInterpreter,
  );
  if (found.interpreter === null) throw new LaunchError(explain(found.refused));
  const script = path.join(extension.extensionPath, "dist", "python", "launch.py");
  return { command: found.interpreter, args: ["-I", script, "serve"], ...stdio };
}

function explain(refused: Awaited<ReturnType<typeof choosePython>>["refused"]): string {
  const tried = refused
    .map(({ interpreter, version }) =>
      version === null ? interpreter : `${interpreter} (${version.major}.${version.minor})`,
    )
    .join(", ");
  return vscode.l10n.t(
    "Tensor Hints needs Python {0}.{1} or later to start its server. Tried: {2}. Install one, or name it in the setting tensorhints.server.interpreter.",
    OLDEST.major,
    OLDEST.minor,
    tried,
  );
}
