/** The Tensor Inspector: the tensors of the program in the active editor, kept up to date. */

import * as vscode from "vscode";

import type { CodeEditors } from "./editors";
import { runNotification, tensorsNotification, type TensorsNotification } from "./notifications";
import { PageHost } from "./pageHost";
import type { Server } from "./server";
import type { FromPage } from "./shared/messages";

export const INSPECTOR_VIEW = "tensorhints.inspector";

export class InspectorView implements vscode.WebviewViewProvider, vscode.Disposable {
  private host: PageHost | undefined;
  private readonly tensors = new Map<string, TensorsNotification>();
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly editors: CodeEditors,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.disposables = [
      vscode.window.registerWebviewViewProvider(INSPECTOR_VIEW, this, {
        webviewOptions: { retainContextWhenHidden: true },
      }),
      editors.onDidChange(() => this.tell()),
      server.onNotification(({ method, params }) => this.take(method, params)),
      server.onDidChangeState((state) => {
        if (state === "ready") return;
        this.tensors.clear();
        this.tell();
      }),
      vscode.workspace.onDidCloseTextDocument((document) =>
        this.tensors.delete(document.uri.toString()),
      ),
      vscode.workspace.onDidCloseNotebookDocument((notebook) =>
        this.tensors.delete(notebook.uri.toString()),
      ),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const host = new PageHost(
      view.webview,
      this.server,
      this.extensionUri,
      "inspector",
      (message) => this.receive(message),
    );
    this.host = host;
    view.onDidDispose(() => {
      host.dispose();
      if (this.host === host) this.host = undefined;
    });
  }

  dispose(): void {
    this.host?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private take(method: string, params: unknown): void {
    if (method === "run") {
      const run = runNotification(params);
      if (run !== null) this.host?.post({ type: "run", run });
      return;
    }
    const tensors = method === "tensors" ? tensorsNotification(params) : null;
    if (tensors === null) return;
    const uri = vscode.Uri.parse(tensors.uri).toString();
    this.tensors.set(uri, tensors);
    if (uri === this.uri()) this.tell();
  }

  private uri(): string | undefined {
    return this.editors.program?.toString();
  }

  private tell(): void {
    const uri = this.uri() ?? null;
    const tensors = uri === null ? null : (this.tensors.get(uri) ?? null);
    this.host?.post({ type: "tensors", uri, tensors });
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.tell();
      case "runActive":
        await vscode.commands.executeCommand("tensorhints.run");
        return;
      case "reveal": {
        const at = new vscode.Position(message.line, message.character);
        const uri = vscode.Uri.parse(message.uri);
        const open = vscode.window.visibleTextEditors.find(
          (editor) => editor.document.uri.toString() === uri.toString(),
        );
        await vscode.window.showTextDocument(uri, {
          selection: new vscode.Range(at, at),
          viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
        });
      }
    }
  }
}
