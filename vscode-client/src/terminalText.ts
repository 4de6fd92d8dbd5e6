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
  if (stream === "stdout" || ended.includes(ESCAPE)) return ended;
  const words = ended.replace(/\r\n$/, "");
  return `${RED}${words}${PLAIN}${ended.slice(words.length)}`;
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

/** What each program's newest run has printed, up to a limit: the newest of it is kept. */
export class Transcripts {
  private readonly kept = new Map<string, { run: number; text: string }>();

  constructor(private readonly limit: number) {}

  /** Whether this run of the program is a new one: then it begins, with `header`. */
  begin(uri: string, run: number, header: string): boolean {
    if (this.kept.get(uri)?.run === run) return false;
    this.kept.set(uri, { run, text: header });
    return true;
  }

  add(uri: string, text: string): void {
    const transcript = this.kept.get(uri);
    if (transcript !== undefined) transcript.text = (transcript.text + text).slice(-this.limit);
  }

  of(uri: string | undefined): string | undefined {
    return uri === undefined ? undefined : this.kept.get(uri)?.text;
  }

  clear(): void {
    this.kept.clear();
  }
}
