/** What is known of each program's runs, from the server's notifications; the newest says more. */

import * as vscode from "vscode";

import { runNotification, type RunNotification } from "./notifications";
import type { Server } from "./server";

export class Programs implements vscode.Disposable {
  private readonly runs = new Map<string, RunNotification>();
  private readonly changed = new vscode.EventEmitter<RunNotification>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  readonly onDidChange = this.changed.event;

  constructor(server: Server) {
    this.disposables.push(
      server.onNotification(({ method, params }) => {
        const run = method === "run" ? runNotification(params) : null;
        if (run !== null) this.take(run);
      }),
      server.onDidChangeState((state) => {
        if (state !== "ready") this.forget();
      }),
    );
  }

  of(uri: vscode.Uri | undefined): RunNotification | undefined {
    return uri === undefined ? undefined : this.runs.get(uri.toString());
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private take(run: RunNotification): void {
    this.runs.set(vscode.Uri.parse(run.uri).toString(), run);
    this.tellMenus();
    this.changed.fire(run);
  }

  private forget(): void {
    const idle = [...this.runs.values()].map((run) => ({ ...run, phase: "idle" as const }));
    this.runs.clear();
    this.tellMenus();
    for (const run of idle) this.changed.fire(run);
  }

  /** The editor title shows ■ for these, ▶ for the others. */
  private tellMenus(): void {
    const running = [...this.runs.values()].filter((run) => run.phase !== "idle");
    const paths = running.map((run) => vscode.Uri.parse(run.uri).path);
    void vscode.commands.executeCommand("setContext", "tensorhints.running", paths);
  }
}
