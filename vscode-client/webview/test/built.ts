/** Builds the pages before the tests, in a separate folder: packaging the extension removes its own. */

import { join } from "node:path";
import { build } from "../build.mjs";

export const BUILT = join(import.meta.dirname, "..", "..", "..", ".cache", "pages");

export default async function setup(): Promise<void> {
  await build(BUILT);
}
