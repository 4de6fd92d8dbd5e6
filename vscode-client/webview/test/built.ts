/**
 * Before the tests: the pages as they are now, in a folder of the tests' own, so that nobody who packs
 * the extension meanwhile takes them away.
 */

import { join } from "node:path";
import { build } from "../build.mjs";

export const BUILT = join(import.meta.dirname, "..", "..", "..", ".cache", "pages");

export default async function setup(): Promise<void> {
  await build(BUILT);
}
