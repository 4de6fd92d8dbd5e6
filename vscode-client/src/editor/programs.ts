/** The last `run` notification of each program. */

import * as vscode from "vscode";
import { runNotification, type RunNotification } from "../server/notifications";
import type { Server } from "../server/server";

export class Programs implements vscode.Disposable {
  private readonly runs = new Map<string, RunNotification>();
  private readonly changed = new vscode.EventEmitter<RunNotification>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  readonly onDidChange = this.changed.event;

  constructor(server: Server) {
    this.disposables.push(
      server.onNotification(({ method, params }) => {
        const run = method === "run" ? runNotification(params) : null;
        if (run !== null) this.update(run);
      }),
      server.onDidChangeState((state) => {
        if (state !== "ready") this.clear();
      }),
    );
  }

  of(uri: vscode.Uri | undefined): RunNotification | undefined {
    return uri === undefined ? undefined : this.runs.get(uri.toString());
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private update(run: RunNotification): void {
    this.runs.set(vscode.Uri.parse(run.uri).toString(), run);
    this.updateMenus();
    this.changed.fire(run);
  }

  private clear(): void {
    const idle = [...this.runs.values()].map((run) => ({ ...run, phase: "idle" as const }));
    this.runs.clear();
    this.updateMenus();
    for (const run of idle) this.changed.fire(run);
  }

  /** Set the context by which the editor title shows ■ for running programs and ▶ for others. */
  private updateMenus(): void {
    const running = [...this.runs.values()].filter((run) => run.phase !== "idle");
    const paths = running.map((run) => vscode.Uri.parse(run.uri).path);
    void vscode.commands.executeCommand("setContext", "tensorhints.running", paths);
  }
}
