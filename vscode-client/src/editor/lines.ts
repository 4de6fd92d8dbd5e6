/**
 * Decorations in the editor: the line that is running, the line that failed, and, if the user wants
 * it, the faded lines that were not reached.
 */

import * as vscode from "vscode";
import { linesNotification, type LinesNotification } from "../server/notifications";
import type { Server } from "../server/server";
import { clientSettings, SECTION } from "../server/settings";

export class LineMarks implements vscode.Disposable {
  private readonly states = new Map<string, LinesNotification>();
  private readonly running: vscode.TextEditorDecorationType;
  private readonly failed: vscode.TextEditorDecorationType;
  private readonly unreached: vscode.TextEditorDecorationType;
  private readonly disposables: vscode.Disposable[];

  constructor(server: Server, extensionUri: vscode.Uri) {
    const icon = (name: string) => vscode.Uri.joinPath(extensionUri, "media", `${name}.svg`);
    this.running = vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor("editor.stackFrameHighlightBackground"),
      gutterIconPath: icon("running"),
      gutterIconSize: "contain",
      overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.infoForeground"),
    });
    this.failed = vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor("inputValidation.errorBackground"),
      gutterIconPath: icon("failed"),
      gutterIconSize: "contain",
    });
    this.unreached = vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      opacity: "0.5",
    });
    this.disposables = [
      this.running,
      this.failed,
      this.unreached,
      server.onNotification(({ method, params }) => {
        const lines = method === "lines" ? linesNotification(params) : null;
        if (lines !== null) this.setLines(lines);
      }),
      server.onDidChangeState((state) => {
        if (state !== "ready") this.clear();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.drawAll()),
      vscode.workspace.onDidCloseTextDocument((document) =>
        this.states.delete(document.uri.toString()),
      ),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.client`)) this.drawAll();
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private setLines(lines: LinesNotification): void {
    this.states.set(vscode.Uri.parse(lines.uri).toString(), lines);
    this.drawAll();
  }

  private clear(): void {
    this.states.clear();
    this.drawAll();
  }

  private drawAll(): void {
    const { showLineState, fadeUnreached } = clientSettings();
    for (const editor of vscode.window.visibleTextEditors) {
      const lines = this.states.get(editor.document.uri.toString());
      const last = editor.document.lineCount - 1;
      const whole = (first: number | null | undefined, end = first) =>
        first === null || first === undefined || first > last
          ? []
          : [new vscode.Range(first, 0, Math.min(end ?? first, last), 0)];
      editor.setDecorations(this.running, showLineState ? whole(lines?.running) : []);
      editor.setDecorations(this.failed, showLineState ? whole(lines?.failed) : []);
      const faded = fadeUnreached ? (lines?.unreached ?? []) : [];
      editor.setDecorations(
        this.unreached,
        faded.flatMap(([first, end]) => whole(first, end)),
      );
    }
  }
}
