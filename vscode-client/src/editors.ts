/** The code editor that a command or a page means: the active one, else the last that was. */

import * as vscode from "vscode";

/** Where programs come from: no other text (a diff's left side, an old version) can be run. */
export const PROGRAMS: readonly string[] = ["file", "untitled", "vscode-notebook-cell"];

export class CodeEditors implements vscode.Disposable {
  private last: vscode.TextEditor | undefined;
  private readonly changed = new vscode.EventEmitter<vscode.TextEditor | undefined>();
  private readonly disposables: vscode.Disposable[];
  /** Fires when another Python program becomes the one that is meant. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.take(vscode.window.activeTextEditor);
    this.disposables = [
      this.changed,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.take(editor)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.last?.document !== document) return;
        this.last = undefined;
        this.changed.fire(undefined);
      }),
    ];
  }

  /** A page that has the focus leaves its neighbour the program that is meant. */
  get python(): vscode.TextEditor | undefined {
    const visible = vscode.window.visibleTextEditors;
    return visible.find((editor) => editor.document === this.last?.document) ?? this.last;
  }

  /** The program that it shows, or a cell of which. */
  get program(): vscode.Uri | undefined {
    const { python } = this;
    return python === undefined ? undefined : programOf(python.document);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private take(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== "python") return;
    if (!PROGRAMS.includes(editor.document.uri.scheme)) return;
    const isOther = editor.document !== this.last?.document;
    this.last = editor;
    if (isOther) this.changed.fire(editor);
  }
}

/** The notebook for one of its cells; any other document is a program of its own. */
export function programOf(document: vscode.TextDocument): vscode.Uri {
  const notebook = vscode.workspace.notebookDocuments.find((each) =>
    each.getCells().some((cell) => cell.document === document),
  );
  return notebook?.uri ?? document.uri;
}
