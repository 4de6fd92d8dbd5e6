/** What a run writes on its terminal, and where its lines lead to. Knows no VS Code. */

const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";
const ESCAPE = "\u001b";

/** Clears the screen and what was scrolled out of it. */
export const CLEAR = "\u001b[2J\u001b[3J\u001b[H";
export const FAINT = "\u001b[2m";
export const RESET = "\u001b[0m";

/** A terminal begins a new line only where it is told to go back as well. */
export function lineEnds(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

/** Errors stand out, unless the program has chosen colours of its own. */
export function coloured(stream: "stdout" | "stderr", text: string): string {
  const ended = lineEnds(text);
  return stream === "stdout" || ended.includes(ESCAPE) ? ended : `${RED}${ended}${PLAIN}`;
}

export interface Link {
  start: number;
  length: number;
  path: string;
  /** From 1, as Python counts. */
  line: number;
}

const PLACES = [
  /File "(?<path>[^"]+)", line (?<line>\d+)/g,
  /(?<path>(?:[A-Za-z]:[\\/]|[\\/.~]|\b)[^\s:"'()[\]]*\.py):(?<line>\d+)/g,
];

/** The places of files in one line of output: those of a traceback, and `file.py:12`. */
export function links(line: string): Link[] {
  const found: Link[] = [];
  for (const place of PLACES) {
    for (const match of line.matchAll(place)) {
      const { path, line: number } = match.groups as { path: string; line: string };
      found.push({
        start: match.index,
        length: match[0].length,
        path,
        line: Number(number),
      });
    }
  }
  return found;
}

/** Keeps the beginning of a run's output bounded; a terminal's own scrollback keeps the rest. */
export class Backlog {
  private parts: string[] = [];
  private size = 0;

  constructor(private readonly limit: number) {}

  add(text: string): void {
    this.parts.push(text);
    this.size += text.length;
    while (this.size > this.limit && this.parts.length > 1) {
      this.size -= this.parts.shift()?.length ?? 0;
    }
  }

  take(): string {
    const text = this.parts.join("");
    this.parts = [];
    this.size = 0;
    return text;
  }
}
