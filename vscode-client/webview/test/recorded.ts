/** Reads the answers of a server that record.py has recorded. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "recorded");

export function recorded(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Record<string, unknown>;
}
