/** Composes the client. Nothing is awaited here, so that VS Code starts as fast as without it. */

import * as vscode from "vscode";

import { registerCommands } from "./commands";
import { CodeEditors } from "./editors";
import { InspectorView } from "./inspectorView";
import { interceptor } from "./intercept";
import { SelectedInterpreter } from "./interpreter";
import { LessonPanel } from "./lessonPanel";
import { LineMarks } from "./lines";
import { Programs } from "./programs";
import { Server } from "./server";
import { Solutions } from "./solutions";
import { Status } from "./status";
import { RunTerminal } from "./terminal";

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Tensor Hints", { log: true });
  const selected = new SelectedInterpreter(log);
  const started = new Server(context, selected, log);
  server = started;
  const editors = new CodeEditors();
  const programs = new Programs(started);
  const solutions = new Solutions(started);
  const terminal = new RunTerminal(started, programs, editors);
  const lessons = new LessonPanel(started, editors, solutions, context.extensionUri);
  started.intercept = interceptor(started, lessons, solutions);
  context.subscriptions.push(
    log,
    selected,
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
