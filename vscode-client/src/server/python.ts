/** Chooses the Python that runs the server: the first candidate that is new enough. */

import { execFile } from "node:child_process";

/** The oldest version that runs the server; programs may run in an older one. */
export const OLDEST = { major: 3, minor: 10 } as const;

const PROBE = "import sys; print('%d.%d' % sys.version_info[:2])";
const PROBE_LIMIT_MS = 20_000;

export interface Version {
  major: number;
  minor: number;
}

/** Returns the version of an interpreter, or null if it is not a Python. */
export type Ask = (interpreter: string) => Promise<Version | null>;

export interface Choice {
  /** The interpreter for the server, or null if none is suitable. */
  interpreter: string | null;
  /** The candidates that were rejected, for the message to the user. */
  refused: { interpreter: string; version: Version | null }[];
}

export async function choosePython(candidates: readonly string[], ask: Ask): Promise<Choice> {
  const refused: Choice["refused"] = [];
  for (const interpreter of new Set(candidates)) {
    const version = await ask(interpreter);
    if (version !== null && isNewEnough(version)) return { interpreter, refused };
    refused.push({ interpreter, version });
  }
  return { interpreter: null, refused };
}

function isNewEnough(version: Version): boolean {
  const { major, minor } = OLDEST;
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** Starts the interpreter isolated from the workspace: without user site and PYTHON… variables. */
export const askInterpreter: Ask = (interpreter) =>
  new Promise((resolve) => {
    const options = { timeout: PROBE_LIMIT_MS, windowsHide: true };
    execFile(interpreter, ["-I", "-S", "-c", PROBE], options, (error, stdout) => {
      const found = error === null ? /^(\d+)\.(\d+)/.exec(stdout) : null;
      resolve(found === null ? null : { major: Number(found[1]), minor: Number(found[2]) });
    });
  });

export function namesOnPath(platform: NodeJS.Platform): string[] {
  return platform === "win32" ? ["python", "python3", "py"] : ["python3", "python"];
}
