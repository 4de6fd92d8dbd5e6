/** What the page remembers when it is loaded anew; the progress itself is kept by the server. */

import * as v from "valibot";

const Saved = v.object({
  lesson: v.nullable(v.string()),
  step: v.nullable(v.string()),
  locale: v.nullable(v.picklist(["en", "pt-BR"])),
  showsClock: v.boolean(),
  /** The last choice of each question, by `lesson/step`. */
  choices: v.record(v.string(), v.string()),
});
export type Saved = v.InferOutput<typeof Saved>;

const NOTHING: Saved = { lesson: null, step: null, locale: null, showsClock: true, choices: {} };

export function savedFrom(kept: unknown): Saved {
  const parsed = v.safeParse(Saved, kept);
  return parsed.success ? parsed.output : { ...NOTHING, choices: {} };
}
