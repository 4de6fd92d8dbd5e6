/**
 * The host of a page (webview): its HTML with a strict policy, and the messages between page and
 * server. Each message is validated first.
 */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { sentence } from "../server/answers";
import type { Server } from "../server/server";
import { locale } from "../server/settings";
import { fromPage, type FromPage, type ToPage } from "../shared/messages";

export type PageName = "lesson" | "inspector";

/** Handles a message that is not a command for the server. */
export type OnMessage = (message: Exclude<FromPage, { type: "command" }>) => void | Promise<void>;

export class PageHost implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly webview: vscode.Webview,
    private readonly server: Server,
    extensionUri: vscode.Uri,
    page: PageName,
    private readonly onMessage: OnMessage,
  ) {
    const folder = vscode.Uri.joinPath(extensionUri, "dist", "webview");
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.disposables = [
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      server.onDidChangeState(() => this.postContext()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("tensorhints")) this.postContext();
      }),
    ];
    webview.html = html(webview, folder, page);
  }

  post(message: ToPage): void {
    void this.webview.postMessage(message);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private postContext(): void {
    this.post({
      type: "context",
      locale: locale(),
      trusted: vscode.workspace.isTrusted,
      ready: this.server.state === "ready",
    });
  }

  private async receive(received: unknown): Promise<void> {
    const message = fromPage(received);
    if (message === null) {
      this.server.log.warn("a page sent an unknown message");
      return;
    }
    if (message.type === "command") return this.forward(message);
    if (message.type === "ready") this.postContext();
    try {
      await this.onMessage(message);
    } catch (error) {
      void vscode.window.showWarningMessage(sentence(error));
    }
  }

  private async forward(message: Extract<FromPage, { type: "command" }>): Promise<void> {
    const { id, command, argument } = message;
    try {
      const result = await this.server.send(command, argument);
      this.post({ type: "answer", id, result });
    } catch (error) {
      this.post({ type: "failed", id, message: sentence(error) });
    }
  }
}

function html(webview: vscode.Webview, folder: vscode.Uri, page: PageName): string {
  const nonce = randomBytes(18).toString("base64");
  const source = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${locale()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${source(`${page}.css`)}">
<title>Tensor Hints</title>
</head>
<body data-page="${page}">
<script nonce="${nonce}" type="module" src="${source(`${page}.js`)}"></script>
</body>
</html>`;
}
