/** What the inspector remembers when it is loaded anew. */

import * as v from "valibot";
import { COLUMNS } from "./rows";

const Saved = v.object({
  filter: v.string(),
  sort: v.nullable(v.object({ column: v.picklist(COLUMNS), isDescending: v.boolean() })),
  /** The tensor that is open, and whose. */
  open: v.nullable(v.object({ uri: v.string(), name: v.string() })),
});
export type Saved = v.InferOutput<typeof Saved>;

export function savedFrom(kept: unknown): Saved {
  const parsed = v.safeParse(Saved, kept);
  return parsed.success ? parsed.output : { filter: "", sort: null, open: null };
}
