/** The terminal that shows a program's output. It accepts no input: standard input is closed. */

import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { outputNotification, type RunNotification } from "../server/notifications";
import type { Server } from "../server/server";
import type { CodeEditors } from "./editors";
import type { Programs } from "./programs";
import { CLEAR, coloured, FAINT, lineEnds, links, RESET, Transcripts } from "./terminalText";
import { deviceName, outcomeText } from "./words";

const NAME = "Tensor Hints";
const TRANSCRIPT_LIMIT = 256 * 1024;

export class RunTerminal implements vscode.Disposable {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly transcripts = new Transcripts(TRANSCRIPT_LIMIT);
  private terminal: vscode.Terminal | undefined;
  private isOpen = false;
  /** The program whose last run is on the screen. */
  private shown: string | undefined;
  private readonly disposables: vscode.Disposable[];

  constructor(server: Server, programs: Programs, editors: CodeEditors) {
    this.disposables = [
      this.written,
      server.onNotification(({ method, params }) => {
        const output = method === "output" ? outputNotification(params) : null;
        if (output === null) return;
        const uri = this.startRun(output.run, output.uri);
        this.write(uri, coloured(output.stream, output.text));
      }),
      programs.onDidChange((run) => this.runChanged(run)),
      server.onDidChangeState((state) => {
        // A new server numbers its runs from 1 again.
        if (state === "starting") this.transcripts.clear();
      }),
      editors.onDidChange(() => this.showProgram(editors.program?.toString())),
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === this.terminal) this.closed();
      }),
      vscode.window.registerTerminalLinkProvider({
        provideTerminalLinks: (context) =>
          context.terminal === this.terminal ? fileLinks(context.line) : [],
        handleTerminalLink: open,
      }),
    ];
  }

  show(): void {
    this.terminal ??= vscode.window.createTerminal({
      name: NAME,
      iconPath: new vscode.ThemeIcon("symbol-array"),
      isTransient: true,
      pty: {
        onDidWrite: this.written.event,
        open: () => {
          this.isOpen = true;
          const ready = `${vscode.l10n.t("Ready. Run to execute.")}\r\n`;
          this.written.fire(this.transcripts.of(this.shown) ?? ready);
        },
        close: () => this.closed(),
      },
    });
    this.terminal.show(true);
  }

  dispose(): void {
    this.terminal?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  /**
   * Show a run if it is new. The screen is cleared only when there is something to write, so that
   * edits do not make it flicker.
   */
  private startRun(run: number, program: string): string {
    const file = vscode.Uri.parse(program);
    const uri = file.toString();
    const header = `${FAINT}▶ ${path.basename(file.fsPath)}${RESET}\r\n`;
    if (this.transcripts.start(uri, run, header)) {
      this.shown = undefined;
      this.showProgram(uri);
    }
    return uri;
  }

  /** Show the output of another program, if it has printed any. */
  private showProgram(uri: string | undefined): void {
    const transcript = this.transcripts.of(uri);
    if (transcript === undefined || uri === this.shown) return;
    this.shown = uri;
    if (this.isOpen) this.written.fire(CLEAR + transcript);
  }

  private runChanged(run: RunNotification): void {
    if (run.explicit && run.phase === "running" && this.terminal === undefined) this.show();
    const hasEnded = run.phase === "idle" && run.outcome !== null;
    if (!hasEnded || run.outcome === "superseded" || run.outcome === "refused") return;
    const uri = this.startRun(run.run, run.uri);
    const gap = this.transcripts.of(uri)?.endsWith("\n") === false ? "\r\n" : "";
    const mark = run.outcome === "finished" ? "✓" : "✗";
    const end = `${mark} ${outcomeText(run)} · ${deviceName(run.device)}`;
    this.write(uri, `${gap}${FAINT}${lineEnds(end)}${RESET}\r\n`);
  }

  private write(uri: string, text: string): void {
    this.transcripts.add(uri, text);
    if (this.isOpen && uri === this.shown) this.written.fire(text);
  }

  private closed(): void {
    this.terminal = undefined;
    this.isOpen = false;
  }
}

class FileLink extends vscode.TerminalLink {
  constructor(
    start: number,
    length: number,
    readonly path: string,
    readonly line: number,
  ) {
    super(start, length, vscode.l10n.t("Open File"));
  }
}

function fileLinks(line: string): FileLink[] {
  return links(line).map((link) => new FileLink(link.start, link.length, link.path, link.line));
}

async function open(link: vscode.TerminalLink): Promise<void> {
  if (!(link instanceof FileLink)) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const file = vscode.Uri.file(path.resolve(folder, link.path.replace(/^~/, os.homedir())));
  const start = new vscode.Position(Math.max(link.line - 1, 0), 0);
  try {
    await vscode.window.showTextDocument(file, { selection: new vscode.Range(start, start) });
  } catch {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("The file {0} does not exist.", file.fsPath),
    );
  }
}
