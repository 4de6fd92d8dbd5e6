/**
 * What a page (webview) and its host (the extension) say to each other, and the guards that both
 * sides put in front of it. Knows neither VS Code nor the DOM; the server's answers are described in
 * docs/protocol.md.
 */

import * as v from "valibot";
import {
  ErrorAnswer,
  PAGE_COMMANDS,
  ProgressNotification,
  RunNotification,
  TensorsNotification,
} from "./protocol";

const text = v.string();
const count = v.number();
const orNull = <T extends v.GenericSchema>(schema: T) => v.nullable(schema);

// ---- page → host -----------------------------------------------------------------------------

/** The server's commands that a page may send, without their prefix `tensorhints.server.`. */
export const PageCommand = v.picklist(PAGE_COMMANDS);
export type PageCommand = v.InferOutput<typeof PageCommand>;

const Argument = v.record(
  v.pipe(text, v.maxLength(40)),
  v.nullable(v.union([v.pipe(text, v.maxLength(4000)), count, v.array(count)])),
);

export const FromPage = v.variant("type", [
  /** The page is drawn and listens. The host answers with `context`, then `show` or `tensors`. */
  v.object({ type: v.literal("ready") }),
  /** A command for the server; answered by `answer` or `failed` with the same `id`. */
  v.object({ type: v.literal("command"), id: count, command: PageCommand, argument: Argument }),
  /** Opens a lesson's file beside the page (and makes it the program that commands mean). */
  v.object({ type: v.literal("openLesson"), lesson: text, step: orNull(text), locale: text }),
  /** Puts the code where the cursor is in the editor beside the page. */
  v.object({ type: v.literal("insert"), code: v.pipe(text, v.maxLength(100_000)) }),
  /** Runs the code in a scratch document of its own. */
  v.object({ type: v.literal("runCode"), code: v.pipe(text, v.maxLength(100_000)) }),
  /** Shows the step's solution as a diff against the learner's file, in VS Code's own diff editor. */
  v.object({ type: v.literal("showSolution"), lesson: text, step: text }),
  /** Puts the cursor on a place of a document; lines and characters count from 0. */
  v.object({ type: v.literal("reveal"), uri: text, line: count, character: count }),
  /** Runs the program that is open: the inspector's button before the first run. */
  v.object({ type: v.literal("runActive") }),
]);
export type FromPage = v.InferOutput<typeof FromPage>;

// ---- host → page -----------------------------------------------------------------------------

export const ToPage = v.variant("type", [
  /** What every page needs to know of its surroundings; again whenever one of them changes. */
  v.object({
    type: v.literal("context"),
    locale: text,
    trusted: v.boolean(),
    /** Whether the server answers; false while it starts or after it could not. */
    ready: v.boolean(),
    /** A browser's page: the editor has ended, or the connection is cut. */
    lost: v.optional(v.boolean()),
  }),
  /** The lesson page is to show this; where `step` is null, the page's own choice. */
  v.object({ type: v.literal("show"), lesson: orNull(text), step: orNull(text), locale: text }),
  v.object({ type: v.literal("answer"), id: count, result: v.unknown() }),
  /** One sentence for the user. */
  v.object({ type: v.literal("failed"), id: count, message: text }),
  v.object({ type: v.literal("progress"), progress: ProgressNotification }),
  /** The inspector: the rows of the program in the active editor, null before its first run. */
  v.object({ type: v.literal("tensors"), uri: orNull(text), tensors: orNull(TensorsNotification) }),
  v.object({ type: v.literal("run"), run: RunNotification }),
  /** The inspector: this tensor is to be opened. */
  v.object({ type: v.literal("openTensor"), uri: text, name: text }),
]);
export type ToPage = v.InferOutput<typeof ToPage>;
export type Context = Extract<ToPage, { type: "context" }>;

// ---- guards ----------------------------------------------------------------------------------

/** The message, or null where it is none: a stranger's message is dropped, never acted upon. */
export function fromPage(message: unknown): FromPage | null {
  const parsed = v.safeParse(FromPage, message);
  return parsed.success ? parsed.output : null;
}

export function toPage(message: unknown): ToPage | null {
  const parsed = v.safeParse(ToPage, message);
  return parsed.success ? parsed.output : null;
}

/** A server's answer, or the sentence with which it refused, or why it is not understood. */
export function answerOf<T extends v.GenericSchema>(
  schema: T,
  answer: unknown,
): { ok: true; value: v.InferOutput<T> } | { ok: false; message: string } {
  const refused = v.safeParse(ErrorAnswer, answer);
  if (refused.success) return { ok: false, message: refused.output.error };
  const parsed = v.safeParse(schema, answer);
  if (parsed.success) return { ok: true, value: parsed.output };
  return { ok: false, message: v.summarize(parsed.issues) };
}
