/** The text of the terminal and the links in it. Independent of VS Code. */

const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";
const ESCAPE = "\u001b";

/** Clears the screen and the scrollback. */
export const CLEAR = "\u001b[2J\u001b[3J\u001b[H";
export const FAINT = "\u001b[2m";
export const RESET = "\u001b[0m";

/** Convert line ends for a terminal, which needs a carriage return as well. */
export function lineEnds(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

/** Colour standard error, unless the program uses colours of its own. */
export function coloured(stream: "stdout" | "stderr", text: string): string {
  const ended = lineEnds(text);
  if (stream === "stdout" || ended.includes(ESCAPE)) return ended;
  const words = ended.replace(/\r\n$/, "");
  return `${RED}${words}${PLAIN}${ended.slice(words.length)}`;
}

export interface Link {
  start: number;
  length: number;
  path: string;
  /** From 1, as in a traceback. */
  line: number;
}

const PATTERNS = [
  /File "(?<path>[^"]+)", line (?<line>\d+)/g,
  /(?<path>(?:[A-Za-z]:[\\/]|[\\/.~]|\b)[^\s:"'()[\]]*\.py):(?<line>\d+)/g,
];

/** The links in one line of output: those of a traceback, and `file.py:12`. */
export function links(line: string): Link[] {
  const found: Link[] = [];
  for (const pattern of PATTERNS) {
    for (const match of line.matchAll(pattern)) {
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

/** The output of each program's last run, limited to its last `limit` characters. */
export class Transcripts {
  private readonly transcripts = new Map<string, { run: number; text: string }>();

  constructor(private readonly limit: number) {}

  /** Start the transcript of a run with `header`; returns false if it has started already. */
  start(uri: string, run: number, header: string): boolean {
    if (this.transcripts.get(uri)?.run === run) return false;
    this.transcripts.set(uri, { run, text: header });
    return true;
  }

  add(uri: string, text: string): void {
    const transcript = this.transcripts.get(uri);
    if (transcript !== undefined) transcript.text = (transcript.text + text).slice(-this.limit);
  }

  of(uri: string | undefined): string | undefined {
    return uri === undefined ? undefined : this.transcripts.get(uri)?.text;
  }

  clear(): void {
    this.transcripts.clear();
  }
}
