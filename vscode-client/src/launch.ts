/** How the server is started: the user's own command, else the bundled one by a fitting Python. */

import * as path from "node:path";
import * as vscode from "vscode";
import { TransportKind, type Executable } from "vscode-languageclient/node";

import type { SelectedInterpreter } from "./interpreter";
import { OLDEST, askInterpreter, choosePython, namesOnPath } from "./python";
import { clientSettings } from "./settings";

/** Why the server could not be started, as the sentence that the user reads. */
export class LaunchError extends Error {}

/** Raises `LaunchError`. */
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
  if (found.interpreter === null) throw new LaunchError(whyNot(found.refused));
  const script = path.join(extension.extensionPath, "dist", "python", "launch.py");
  return { command: found.interpreter, args: ["-I", script, "serve"], ...stdio };
}

function whyNot(refused: Awaited<ReturnType<typeof choosePython>>["refused"]): string {
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
