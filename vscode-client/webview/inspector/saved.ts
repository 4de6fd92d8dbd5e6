/** The state of the inspector that is restored after a reload. */

import * as v from "valibot";
import { COLUMNS } from "./rows";

const Saved = v.object({
  filter: v.string(),
  sort: v.nullable(v.object({ column: v.picklist(COLUMNS), isDescending: v.boolean() })),
  /** The open tensor and its program. */
  open: v.nullable(v.object({ uri: v.string(), name: v.string() })),
});
export type Saved = v.InferOutput<typeof Saved>;

/** Validate a saved state; if it is not valid, return the initial one. */
export function savedFrom(state: unknown): Saved {
  const parsed = v.safeParse(Saved, state);
  return parsed.success ? parsed.output : { filter: "", sort: null, open: null };
}
