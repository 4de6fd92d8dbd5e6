/** Before the tests: the pages as they are now, not as they were when somebody built them last. */

import { build } from "../build.mjs";

export default async function setup(): Promise<void> {
  await build();
}
