/** The server's notifications, each guarded: what is not as docs/protocol.md says is dropped. */

import * as v from "valibot";

import { ProgressNotification, RunNotification, TensorsNotification } from "./shared/messages";

export type { ProgressNotification, RunNotification, TensorsNotification };

export const OutputNotification = v.object({
  uri: v.string(),
  run: v.number(),
  stream: v.picklist(["stdout", "stderr"]),
  text: v.string(),
});
export type OutputNotification = v.InferOutput<typeof OutputNotification>;

/** Lines count from 0; each unreached range holds its first and its last line. */
export const LinesNotification = v.object({
  uri: v.string(),
  running: v.nullable(v.number()),
  failed: v.nullable(v.number()),
  unreached: v.array(v.tuple([v.number(), v.number()])),
});
export type LinesNotification = v.InferOutput<typeof LinesNotification>;

function guard<T extends v.GenericSchema>(schema: T): (value: unknown) => v.InferOutput<T> | null {
  return (value) => {
    const parsed = v.safeParse(schema, value);
    return parsed.success ? parsed.output : null;
  };
}

export const runNotification = guard(RunNotification);
export const outputNotification = guard(OutputNotification);
export const tensorsNotification = guard(TensorsNotification);
export const progressNotification = guard(ProgressNotification);
export const linesNotification = guard(LinesNotification);
