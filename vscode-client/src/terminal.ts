/**
 * The terminal of the run: what the program prints, as it prints it. It reads nothing: a program's
 * standard input is closed.
 */

import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

import { outputNotification, type RunNotification } from "./notifications";
import type { Programs } from "./programs";
import type { Server } from "./server";
import { Backlog, CLEAR, FAINT, RESET, coloured, lineEnds, links } from "./terminalText";
import { deviceName, outcomeText } from "./words";

const NAME = "Tensor Hints";
const KEPT_UNTIL_OPENED = 256 * 1024;

export class RunTerminal implements vscode.Disposable {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly backlog = new Backlog(KEPT_UNTIL_OPENED);
  private terminal: vscode.Terminal | undefined;
  private isOpen = false;
  /** The run whose output stands on the screen; 0 before any. */
  private shown = 0;
  private atLineStart = true;
  private readonly disposables: vscode.Disposable[];

  constructor(server: Server, programs: Programs) {
    this.disposables = [
      this.written,
      server.onNotification(({ method, params }) => {
        const output = method === "output" ? outputNotification(params) : null;
        if (output === null) return;
        this.begin(output.run, output.uri);
        this.write(coloured(output.stream, output.text));
        this.atLineStart = output.text.endsWith("\n");
      }),
      programs.onDidChange((run) => this.follow(run)),
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === this.terminal) this.forget();
      }),
      vscode.window.registerTerminalLinkProvider({
        provideTerminalLinks: (context) =>
          context.terminal === this.terminal ? placesIn(context.line) : [],
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
          const waiting = this.backlog.take();
          this.written.fire(waiting === "" ? this.ready() : waiting);
        },
        close: () => this.forget(),
      },
    });
    this.terminal.show(true);
  }

  dispose(): void {
    this.terminal?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private ready(): string {
    return `${vscode.l10n.t("Ready. Run to execute.")}\r\n`;
  }

  /** The screen is cleared only when there is something to write, so an edit makes no flicker. */
  private begin(run: number, uri: string): void {
    if (run === this.shown) return;
    this.shown = run;
    this.backlog.take();
    const name = path.basename(vscode.Uri.parse(uri).fsPath);
    this.write(`${CLEAR}${FAINT}▶ ${name}${RESET}\r\n`);
    this.atLineStart = true;
  }

  private follow(run: RunNotification): void {
    if (run.explicit && run.phase === "running" && this.terminal === undefined) this.show();
    const hasEnded = run.phase === "idle" && run.outcome !== null;
    if (!hasEnded || run.outcome === "superseded" || run.outcome === "refused") return;
    this.begin(run.run, run.uri);
    const gap = this.atLineStart ? "" : "\r\n";
    const mark = run.outcome === "finished" ? "✓" : "✗";
    const device = deviceName(run.device);
    const end = `${mark} ${outcomeText(run)} · ${device}`;
    this.write(`${gap}${FAINT}${lineEnds(end)}${RESET}\r\n`);
    this.atLineStart = true;
  }

  private write(text: string): void {
    if (this.isOpen) this.written.fire(text);
    else this.backlog.add(text);
  }

  private forget(): void {
    this.terminal = undefined;
    this.isOpen = false;
    this.shown = 0;
  }
}

class Place extends vscode.TerminalLink {
  constructor(
    start: number,
    length: number,
    readonly path: string,
    readonly line: number,
  ) {
    super(start, length, vscode.l10n.t("Open File"));
  }
}

function placesIn(line: string): Place[] {
  return links(line).map((link) => new Place(link.start, link.length, link.path, link.line));
}

async function open(place: vscode.TerminalLink): Promise<void> {
  if (!(place instanceof Place)) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const file = vscode.Uri.file(path.resolve(folder, place.path.replace(/^~/, os.homedir())));
  const start = new vscode.Position(Math.max(place.line - 1, 0), 0);
  try {
    await vscode.window.showTextDocument(file, { selection: new vscode.Range(start, start) });
  } catch {
    void vscode.window.showWarningMessage(vscode.l10n.t("There is no file {0}.", file.fsPath));
  }
}
