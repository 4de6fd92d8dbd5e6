/** The Python editor that a command or a page refers to: the active one, or the last active one. */

import * as vscode from "vscode";
import { PROGRAM_SCHEMES } from "../server/settings";

export class CodeEditors implements vscode.Disposable {
  private last: vscode.TextEditor | undefined;
  private readonly changed = new vscode.EventEmitter<vscode.TextEditor | undefined>();
  private readonly disposables: vscode.Disposable[];
  /** Fires when another Python document becomes the current one. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.setActive(vscode.window.activeTextEditor);
    this.disposables = [
      this.changed,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.setActive(editor)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.last?.document !== document) return;
        this.last = undefined;
        this.changed.fire(undefined);
      }),
    ];
  }

  /** The current Python editor; it stays current while a page has the focus. */
  get python(): vscode.TextEditor | undefined {
    const visible = vscode.window.visibleTextEditors;
    return visible.find((editor) => editor.document === this.last?.document) ?? this.last;
  }

  /** The program of the current editor: its file, or the notebook of its cell. */
  get program(): vscode.Uri | undefined {
    const { python } = this;
    return python === undefined ? undefined : programOf(python.document);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private setActive(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== "python") return;
    if (!PROGRAM_SCHEMES.includes(editor.document.uri.scheme)) return;
    const isOther = editor.document !== this.last?.document;
    this.last = editor;
    if (isOther) this.changed.fire(editor);
  }
}

/** The program that a document belongs to: the notebook of a cell, otherwise the document itself. */
export function programOf(document: vscode.TextDocument): vscode.Uri {
  const notebook = vscode.workspace.notebookDocuments.find((each) =>
    each.getCells().some((cell) => cell.document === document),
  );
  return notebook?.uri ?? document.uri;
}
