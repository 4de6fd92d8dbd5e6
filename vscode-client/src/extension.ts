/** Composes the client. Nothing is awaited, so that the start of VS Code is not delayed. */

import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { CodeEditors } from "./editor/editors";
import { LineMarks } from "./editor/lines";
import { Programs } from "./editor/programs";
import { Status } from "./editor/status";
import { RunTerminal } from "./editor/terminal";
import { InspectorView } from "./pages/inspectorView";
import { interceptor } from "./pages/intercept";
import { LessonPanel } from "./pages/lessonPanel";
import { Solutions } from "./pages/solutions";
import { SelectedInterpreter } from "./server/interpreter";
import { Server } from "./server/server";

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Tensor Hints", { log: true });
  const interpreter = new SelectedInterpreter(log);
  const started = new Server(context, interpreter, log);
  server = started;
  const editors = new CodeEditors();
  const programs = new Programs(started);
  const solutions = new Solutions(started);
  const terminal = new RunTerminal(started, programs, editors);
  const lessons = new LessonPanel(started, editors, solutions, context.extensionUri);
  started.intercept = interceptor(started, lessons, solutions);
  context.subscriptions.push(
    log,
    interpreter,
    editors,
    programs,
    solutions,
    terminal,
    lessons,
    new InspectorView(started, editors, context.extensionUri),
    new Status(started, programs),
    new LineMarks(started, context.extensionUri),
    registerCommands({ server: started, editors, lessons, terminal }),
  );
  void started.restart();
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}
