/** Validates the server's notifications: anything that docs/protocol.md does not describe is null. */

import * as v from "valibot";
import {
  LinesNotification,
  OutputNotification,
  ProgressNotification,
  RunNotification,
  TensorsNotification,
} from "../shared/protocol";

export type { LinesNotification, ProgressNotification, RunNotification, TensorsNotification };

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
