/** Shows files and lines beside the pages. */

import * as vscode from "vscode";

/**
 * Show a document in the column where it is visible, otherwise in the first one. With a selection it
 * takes the focus.
 */
export async function showBeside(
  uri: vscode.Uri,
  options: { selection?: vscode.Range; preview?: boolean } = {},
): Promise<void> {
  const visible = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === uri.toString(),
  );
  await vscode.window.showTextDocument(uri, {
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: options.selection === undefined,
    ...options,
  });
}

/** Put the cursor on a position of a document; lines and characters count from 0. */
export async function revealPosition(
  uri: string,
  line: number,
  character: number,
  options: { preview?: boolean } = {},
): Promise<void> {
  const position = new vscode.Position(line, character);
  const selection = new vscode.Range(position, position);
  await showBeside(vscode.Uri.parse(uri), { selection, ...options });
}
