/** The state of the page that is restored after a reload. The server stores the progress. */

import * as v from "valibot";
import { LOCALES } from "../../src/shared/protocol";

const Saved = v.object({
  lesson: v.nullable(v.string()),
  step: v.nullable(v.string()),
  locale: v.nullable(v.picklist(LOCALES)),
  showsClock: v.boolean(),
  /** The last choice of each question, by `lesson/step`. */
  choices: v.record(v.string(), v.string()),
});
export type Saved = v.InferOutput<typeof Saved>;

const INITIAL: Saved = { lesson: null, step: null, locale: null, showsClock: true, choices: {} };

/** Validate a saved state; if it is not valid, return the initial one. */
export function savedFrom(state: unknown): Saved {
  const parsed = v.safeParse(Saved, state);
  return parsed.success ? parsed.output : { ...INITIAL, choices: {} };
}
