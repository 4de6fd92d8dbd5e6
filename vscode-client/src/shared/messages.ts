/**
 * The messages between a page (webview) and its host (the extension or the server), and their
 * validation on both sides. Independent of VS Code and the DOM.
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
  /** The page is ready for messages. The host answers with `context`, then `show` or `tensors`. */
  v.object({ type: v.literal("ready") }),
  /** A command for the server; answered by `answer` or `failed` with the same `id`. */
  v.object({ type: v.literal("command"), id: count, command: PageCommand, argument: Argument }),
  /** Open a lesson's file beside the page; commands then refer to it. */
  v.object({ type: v.literal("openLesson"), lesson: text, step: orNull(text), locale: text }),
  /** Insert code at the cursor of the editor beside the page. */
  v.object({ type: v.literal("insert"), code: v.pipe(text, v.maxLength(100_000)) }),
  /** Run code in a scratch document. */
  v.object({ type: v.literal("runCode"), code: v.pipe(text, v.maxLength(100_000)) }),
  /** Show a step's solution as a diff against the working copy, in the editor. */
  v.object({ type: v.literal("showSolution"), lesson: text, step: text }),
  /** Put the cursor on a position of a document; lines and characters count from 0. */
  v.object({ type: v.literal("reveal"), uri: text, line: count, character: count }),
  /** Run the open program: the inspector's button before the first run. */
  v.object({ type: v.literal("runActive") }),
]);
export type FromPage = v.InferOutput<typeof FromPage>;

// ---- host → page -----------------------------------------------------------------------------

export const ToPage = v.variant("type", [
  /** The environment of the page, sent at the start and whenever it changes. */
  v.object({
    type: v.literal("context"),
    locale: text,
    trusted: v.boolean(),
    /** Whether the server answers; false while it is starting or if it failed. */
    ready: v.boolean(),
    /** In a browser: the editor has ended, or the connection is lost. */
    lost: v.optional(v.boolean()),
  }),
  /** Show a lesson; if `step` is null, the page chooses it. */
  v.object({ type: v.literal("show"), lesson: orNull(text), step: orNull(text), locale: text }),
  v.object({ type: v.literal("answer"), id: count, result: v.unknown() }),
  /** One sentence for the user. */
  v.object({ type: v.literal("failed"), id: count, message: text }),
  v.object({ type: v.literal("progress"), progress: ProgressNotification }),
  /** For the inspector: the rows of the active program, null before its first run. */
  v.object({ type: v.literal("tensors"), uri: orNull(text), tensors: orNull(TensorsNotification) }),
  v.object({ type: v.literal("run"), run: RunNotification }),
  /** For the inspector: open a tensor. */
  v.object({ type: v.literal("openTensor"), uri: text, name: text }),
]);
export type ToPage = v.InferOutput<typeof ToPage>;
export type Context = Extract<ToPage, { type: "context" }>;

// ---- validation -------------------------------------------------------------------------------

/** Return the message of a page, or null if it is not valid. */
export function fromPage(message: unknown): FromPage | null {
  const parsed = v.safeParse(FromPage, message);
  return parsed.success ? parsed.output : null;
}

/** Return the message of a host, or null if it is not valid. */
export function toPage(message: unknown): ToPage | null {
  const parsed = v.safeParse(ToPage, message);
  return parsed.success ? parsed.output : null;
}

/** Return a server's answer, or its refusal, or why the answer does not match the schema. */
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
