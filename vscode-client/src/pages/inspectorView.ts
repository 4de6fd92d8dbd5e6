/** The Tensor Inspector: the tensors of the program in the active editor. */

import * as vscode from "vscode";
import type { CodeEditors } from "../editor/editors";
import { revealPosition } from "../editor/reveal";
import {
  runNotification,
  tensorsNotification,
  type TensorsNotification,
} from "../server/notifications";
import type { Server } from "../server/server";
import type { FromPage } from "../shared/messages";
import { PageHost } from "./pageHost";

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
      editors.onDidChange(() => this.postTensors()),
      server.onNotification(({ method, params }) => this.handleNotification(method, params)),
      server.onDidChangeState((state) => {
        if (state === "ready") return;
        this.tensors.clear();
        this.postTensors();
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

  private handleNotification(method: string, params: unknown): void {
    if (method === "run") {
      const run = runNotification(params);
      if (run !== null) this.host?.post({ type: "run", run });
      return;
    }
    const tensors = method === "tensors" ? tensorsNotification(params) : null;
    if (tensors === null) return;
    const uri = vscode.Uri.parse(tensors.uri).toString();
    this.tensors.set(uri, tensors);
    if (uri === this.uri()) this.postTensors();
  }

  private uri(): string | undefined {
    return this.editors.program?.toString();
  }

  private postTensors(): void {
    const uri = this.uri() ?? null;
    const tensors = uri === null ? null : (this.tensors.get(uri) ?? null);
    this.host?.post({ type: "tensors", uri, tensors });
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.postTensors();
      case "runActive":
        await vscode.commands.executeCommand("tensorhints.run");
        return;
      case "reveal":
        await revealPosition(message.uri, message.line, message.character);
    }
  }
}
