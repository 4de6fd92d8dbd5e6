/** The lesson's page, in a panel beside the learner's file; VS Code brings it back after a reload. */

import * as vscode from "vscode";

import type { CodeEditors } from "./editors";
import { progressNotification, runNotification } from "./notifications";
import { PageHost } from "./pageHost";
import type { Server } from "./server";
import { locale } from "./settings";
import { answerOf, type FromPage } from "./shared/messages";
import { LessonAnswer } from "./shared/protocol";
import type { Solutions } from "./solutions";

export const LESSON_VIEW = "tensorhints.lesson";

interface Wanted {
  lesson: string | null;
  step: string | null;
}

export class LessonPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private host: PageHost | undefined;
  /** What the page is to show as soon as it is drawn; without a lesson, what it showed last. */
  private wanted: Wanted = { lesson: null, step: null };
  private isDrawn = false;
  /** What was asked for while the server was not there. */
  private waiting: Wanted | null = null;
  private title = vscode.l10n.t("Lesson");
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly editors: CodeEditors,
    private readonly solutions: Solutions,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.disposables = [
      vscode.window.registerWebviewPanelSerializer(LESSON_VIEW, {
        deserializeWebviewPanel: (panel) => Promise.resolve(this.adopt(panel)),
      }),
      server.onNotification(({ method, params }) => this.forward(method, params)),
      server.onDidChangeState((state) => {
        const { waiting } = this;
        if (state === "ready" && waiting !== null) void this.show(waiting.lesson, waiting.step);
      }),
    ];
  }

  /** Without a lesson the page goes on with its own, a new one with the lesson that comes next. */
  async show(lesson: string | null, step: string | null): Promise<void> {
    if (this.panel !== undefined && lesson === null) return this.panel.reveal(undefined, true);
    const state = await this.server.settled();
    const isThere = state === "ready";
    this.waiting = isThere ? null : { lesson, step };
    const opened = isThere ? await this.openFile(lesson, locale()) : lesson;
    if (this.panel === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.adopt(vscode.window.createWebviewPanel(LESSON_VIEW, this.title, column));
    }
    this.wanted = { lesson: opened, step };
    this.panel?.reveal(undefined, true);
    if (this.isDrawn) this.tellWanted();
  }

  dispose(): void {
    this.panel?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.isDrawn = false;
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, "media", "lesson.svg");
    const host = new PageHost(panel.webview, this.server, this.extensionUri, "lesson", (message) =>
      this.receive(message),
    );
    this.host = host;
    panel.onDidDispose(() => {
      host.dispose();
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.waiting = null;
    });
  }

  private tellWanted(): void {
    this.host?.post({ type: "show", ...this.wanted, locale: locale() });
    // Drawn anew, in another window say, the page goes on where the learner went by itself.
    this.wanted = { lesson: null, step: null };
  }

  private forward(method: string, params: unknown): void {
    if (method === "progress") {
      const progress = progressNotification(params);
      if (progress !== null) this.host?.post({ type: "progress", progress });
    } else if (method === "run") {
      const run = runNotification(params);
      if (run !== null) this.host?.post({ type: "run", run });
    }
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        this.isDrawn = true;
        return this.tellWanted();
      case "openLesson":
        await this.openFile(message.lesson, message.locale);
        return;
      case "insert":
        return this.insert(message.code);
      case "runCode":
        return this.runScratch(message.code);
      case "showSolution":
        return this.solutions.show(message.lesson, message.step);
      case "reveal": {
        const at = new vscode.Position(message.line, message.character);
        await this.openBeside(vscode.Uri.parse(message.uri), new vscode.Range(at, at));
      }
    }
  }

  /** Opens the learner's own file, and names the lesson. */
  private async openFile(lesson: string | null, spoken: string): Promise<string> {
    const asked = lesson === null ? {} : { lesson };
    const found = answerOf(
      LessonAnswer,
      await this.server.send("lesson", { ...asked, locale: spoken }),
    );
    if (!found.ok) throw new Error(found.message);
    const { number, title, path } = found.value;
    await this.openBeside(vscode.Uri.file(path), undefined);
    this.title = `${number}. ${title}`;
    if (this.panel !== undefined) this.panel.title = this.title;
    return found.value.lesson;
  }

  private async openBeside(uri: vscode.Uri, selection: vscode.Range | undefined): Promise<void> {
    const open = vscode.window.visibleTextEditors.find(
      (editor) => editor.document.uri.toString() === uri.toString(),
    );
    await vscode.window.showTextDocument(uri, {
      viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: selection === undefined,
      preview: false,
      ...(selection === undefined ? {} : { selection }),
    });
  }

  /** On lines of its own, below the cursor's where that has text, indented as it is. */
  private async insert(code: string): Promise<void> {
    const editor = this.editors.python;
    if (editor === undefined) {
      throw new Error(vscode.l10n.t("Open a Python file first: there is nowhere to insert."));
    }
    const line = editor.document.lineAt(editor.selection.active.line);
    const indent = /^\s*/.exec(line.text)?.[0] ?? "";
    const lines = code.replace(/\n+$/, "").split("\n");
    const indented = lines.map((each) => (each === "" ? each : indent + each)).join("\n");
    const edited = line.isEmptyOrWhitespace
      ? await editor.edit((edit) => edit.replace(line.range, indented))
      : await editor.edit((edit) => edit.insert(line.range.end, `\n${indented}`));
    if (edited) {
      await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? 1 });
    }
  }

  private async runScratch(code: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument({
      language: "python",
      content: code.endsWith("\n") ? code : `${code}\n`,
    });
    const column = this.editors.python?.viewColumn ?? vscode.ViewColumn.One;
    await vscode.window.showTextDocument(document, { viewColumn: column, preview: true });
    await this.server.send("run", { uri: document.uri.toString() });
  }
}
