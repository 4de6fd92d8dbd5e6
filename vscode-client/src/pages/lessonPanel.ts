/** The lesson page in a panel beside the working copy; VS Code restores it after a reload. */

import * as vscode from "vscode";
import type { CodeEditors } from "../editor/editors";
import { revealPosition, showBeside } from "../editor/reveal";
import { progressNotification, runNotification } from "../server/notifications";
import type { Server } from "../server/server";
import { locale } from "../server/settings";
import { answerOf, type FromPage } from "../shared/messages";
import { LessonAnswer } from "../shared/protocol";
import { PageHost } from "./pageHost";
import type { Solutions } from "./solutions";

export const LESSON_VIEW = "tensorhints.lesson";

/** What the page is to show; null is the page's own choice. */
interface Target {
  lesson: string | null;
  step: string | null;
}

export class LessonPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private host: PageHost | undefined;
  /** Sent to the page as soon as it is ready. */
  private target: Target = { lesson: null, step: null };
  private isPageReady = false;
  /** What was requested while the server was not ready. */
  private waiting: Target | null = null;
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

  /** Show a lesson. Without one, an open page stays as it is and a new page continues the course. */
  async show(lesson: string | null, step: string | null): Promise<void> {
    if (this.panel !== undefined && lesson === null) return this.panel.reveal(undefined, true);
    const state = await this.server.settled();
    const isReady = state === "ready";
    this.waiting = isReady ? null : { lesson, step };
    const opened = isReady ? await this.openFile(lesson, locale()) : lesson;
    if (this.panel === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.adopt(vscode.window.createWebviewPanel(LESSON_VIEW, this.title, column));
    }
    this.target = { lesson: opened, step };
    this.panel?.reveal(undefined, true);
    if (this.isPageReady) this.postTarget();
  }

  dispose(): void {
    this.panel?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.isPageReady = false;
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

  private postTarget(): void {
    this.host?.post({ type: "show", ...this.target, locale: locale() });
    // If it is drawn again, for example in another window, the page continues where the learner was.
    this.target = { lesson: null, step: null };
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
        this.isPageReady = true;
        return this.postTarget();
      case "openLesson":
        await this.openFile(message.lesson, message.locale);
        return;
      case "insert":
        return this.insert(message.code);
      case "runCode":
        return this.runScratch(message.code);
      case "showSolution":
        return this.solutions.show(message.lesson, message.step);
      case "reveal":
        await revealPosition(message.uri, message.line, message.character, { preview: false });
    }
  }

  /** Open the working copy, and return the id of the lesson. */
  private async openFile(lesson: string | null, language: string): Promise<string> {
    const argument = lesson === null ? {} : { lesson };
    const found = answerOf(
      LessonAnswer,
      await this.server.send("lesson", { ...argument, locale: language }),
    );
    if (!found.ok) throw new Error(found.message);
    const { number, title, path } = found.value;
    await showBeside(vscode.Uri.file(path), { preview: false });
    this.title = `${number}. ${title}`;
    if (this.panel !== undefined) this.panel.title = this.title;
    return found.value.lesson;
  }

  /** Insert code on new lines, below the cursor's line unless it is empty, with its indentation. */
  private async insert(code: string): Promise<void> {
    const editor = this.editors.python;
    if (editor === undefined) {
      throw new Error(vscode.l10n.t("Open a Python file first, to insert code into it."));
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
