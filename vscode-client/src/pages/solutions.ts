/**
 * Shows a step's solution as a diff: the working copy before on the left, and with the solution on
 * the right, where it can be edited and undone.
 */

import * as vscode from "vscode";
import type { Server } from "../server/server";
import { answerOf } from "../shared/messages";
import { LessonAnswer, SolutionAnswer } from "../shared/protocol";

const SCHEME = "tensorhints-before";

export class Solutions implements vscode.Disposable {
  private readonly before = new Map<string, string>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.disposables = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        provideTextDocumentContent: (uri) => this.before.get(uri.toString()) ?? "",
      }),
      vscode.workspace.onDidCloseTextDocument((document) =>
        this.before.delete(document.uri.toString()),
      ),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  async show(lesson: string, step: string): Promise<void> {
    const found = answerOf(LessonAnswer, await this.server.send("lesson", { lesson, step }));
    if (!found.ok) throw new Error(found.message);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(found.value.path));
    const text = document.getText();
    const solved = answerOf(SolutionAnswer, await this.server.send("solution", { lesson, step }));
    if (!solved.ok) throw new Error(solved.message);
    if (!solved.value.applied) {
      throw new Error(vscode.l10n.t("The edit could not be applied. The file was not changed."));
    }
    const before = vscode.Uri.from({
      scheme: SCHEME,
      path: document.uri.path,
      query: String(document.version),
    });
    this.before.set(before.toString(), text);
    const title = vscode.l10n.t("Yours and the solution: {0}", found.value.stepTitle ?? step);
    await vscode.commands.executeCommand("vscode.diff", before, document.uri, title, {
      viewColumn: vscode.ViewColumn.One,
      preview: true,
    });
  }
}
