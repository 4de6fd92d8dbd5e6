/**
 * What a page (webview) and its host (the extension) say to each other, and the guards that both
 * sides put in front of it. Knows neither VS Code nor the DOM; the server's answers are described in
 * docs/protocol.md.
 */

import * as v from "valibot";

// ---- the server's shapes, as far as pages draw them ------------------------------------------

const text = v.string();
const count = v.number();
const orNull = <T extends v.GenericSchema>(schema: T) => v.nullable(schema);

export const StepState = v.picklist(["open", "started", "done", "done_with_help"]);
export type StepState = v.InferOutput<typeof StepState>;

export const StepKind = v.picklist(["theory", "quiz", "challenge"]);
export type StepKind = v.InferOutput<typeof StepKind>;

export const Verdict = v.picklist([
  "not_attempted",
  "incorrect",
  "correct",
  "error_in_your_code",
  "cannot_check",
]);
export type Verdict = v.InferOutput<typeof Verdict>;

export const StepOverview = v.object({ id: text, kind: StepKind, title: text, state: StepState });
export type StepOverview = v.InferOutput<typeof StepOverview>;

export const CheckAnswer = v.object({
  step: text,
  verdict: Verdict,
  check: orNull(text),
  message: text,
  line: orNull(count),
});
export type CheckAnswer = v.InferOutput<typeof CheckAnswer>;

export const LessonAnswer = v.object({
  lesson: text,
  number: count,
  title: text,
  locale: text,
  minutes: count,
  concepts: v.array(text),
  requires: v.array(text),
  path: text,
  starter: text,
  lead: text,
  steps: v.array(StepOverview),
  secondsSpent: v.optional(count, 0),
  step: orNull(text),
  kind: orNull(StepKind),
  stepTitle: orNull(text),
  state: orNull(StepState),
  html: orNull(text),
  markdown: orNull(text),
  choices: orNull(
    v.array(
      v.object({
        id: text,
        text: text,
        html: text,
        provable: v.boolean(),
        /** Whether it was right; null where the learner has not tried it. */
        tried: v.optional(v.nullable(v.boolean()), null),
      }),
    ),
  ),
  hints: orNull(v.array(v.object({ markdown: text, html: text }))),
  hintsShown: orNull(count),
  hintsTotal: orNull(count),
  checks: orNull(v.array(text)),
  names: orNull(v.array(text)),
});
export type LessonAnswer = v.InferOutput<typeof LessonAnswer>;

export const Proof = v.object({ code: text, output: orNull(text), error: orNull(text) });
export type Proof = v.InferOutput<typeof Proof>;

export const QuizAnswer = v.object({
  step: text,
  choice: text,
  correct: v.boolean(),
  explanation: text,
  html: text,
  proof: orNull(Proof),
});
export type QuizAnswer = v.InferOutput<typeof QuizAnswer>;

export const HintAnswer = v.object({
  step: text,
  number: count,
  count,
  markdown: text,
  html: text,
});
export type HintAnswer = v.InferOutput<typeof HintAnswer>;

export const SolutionAnswer = v.object({ step: text, code: text, applied: v.boolean() });
export type SolutionAnswer = v.InferOutput<typeof SolutionAnswer>;

export const ProgressAnswer = v.object({
  course: text,
  locale: text,
  locales: v.array(text),
  lessons: v.array(
    v.object({
      lesson: text,
      number: count,
      title: text,
      minutes: count,
      state: StepState,
      secondsSpent: v.optional(count, 0),
      steps: v.array(StepOverview),
    }),
  ),
});
export type ProgressAnswer = v.InferOutput<typeof ProgressAnswer>;

export const ProgressNotification = v.object({
  lesson: text,
  uri: orNull(text),
  steps: v.array(
    v.object({ id: text, kind: StepKind, state: StepState, verdict: orNull(CheckAnswer) }),
  ),
});
export type ProgressNotification = v.InferOutput<typeof ProgressNotification>;

export const TensorRow = v.object({
  name: text,
  /** The document, or the notebook's cell, that the line is of. */
  uri: v.optional(orNull(text)),
  line: orNull(count),
  character: orNull(count),
  label: text,
  shape: orNull(v.array(v.union([count, text]))),
  dtype: text,
  device: orNull(text),
  requiresGrad: v.boolean(),
  bytes: orNull(count),
  alive: orNull(v.boolean()),
});
export type TensorRow = v.InferOutput<typeof TensorRow>;

export const TensorsNotification = v.object({
  uri: text,
  run: count,
  device: text,
  rows: v.array(TensorRow),
  totals: v.record(text, v.object({ tensors: count, bytes: count })),
});
export type TensorsNotification = v.InferOutput<typeof TensorsNotification>;

export const TensorAnswer = v.object({
  run: count,
  name: text,
  label: text,
  shape: orNull(v.array(v.union([count, text]))),
  dtype: text,
  device: orNull(text),
  layout: orNull(text),
  strides: orNull(v.array(count)),
  requiresGrad: v.boolean(),
  grad: orNull(text),
  bytes: orNull(count),
  reason: orNull(text),
  shows: orNull(v.picklist(["values", "magnitudes", "stored"])),
  sizes: orNull(v.array(count)),
  indices: orNull(v.array(orNull(count))),
  rowAxis: orNull(count),
  columnAxis: orNull(count),
  sampled: orNull(v.boolean()),
  statistics: orNull(
    v.object({
      looked: count,
      min: orNull(text),
      max: orNull(text),
      mean: orNull(text),
      std: orNull(text),
      nan: count,
      inf: count,
      zeros: count,
      trues: orNull(count),
    }),
  ),
  histogram: orNull(v.object({ edges: v.array(count), counts: v.array(count) })),
  block: orNull(v.object({ row: count, column: count, cells: v.array(v.array(text)) })),
  heat: orNull(
    v.object({
      values: v.array(v.array(v.union([count, v.picklist(["nan", "inf", "-inf"])]))),
      min: orNull(count),
      max: orNull(count),
      rowStep: count,
      columnStep: count,
    }),
  ),
  image: orNull(
    v.object({
      width: v.pipe(count, v.integer(), v.minValue(1), v.maxValue(256)),
      height: v.pipe(count, v.integer(), v.minValue(1), v.maxValue(256)),
      channels: v.picklist([1, 3]),
      low: count,
      high: count,
      data: text,
    }),
  ),
});
export type TensorAnswer = v.InferOutput<typeof TensorAnswer>;

export const RunNotification = v.object({
  uri: text,
  run: count,
  phase: v.picklist(["starting", "running", "idle"]),
  live: v.boolean(),
  explicit: v.boolean(),
  device: text,
  /** What is in force and why, in the user's language. */
  deviceText: v.optional(text, ""),
  outcome: orNull(text),
  elapsedMs: orNull(count),
  /** The line (from 0) that the last run went on from. */
  resumedLine: v.optional(orNull(count), null),
  /** Why the last run could not go on from where the edit was. */
  whole: v.optional(orNull(text), null),
});
export type RunNotification = v.InferOutput<typeof RunNotification>;

export const ErrorAnswer = v.object({ error: text });
export type ErrorAnswer = v.InferOutput<typeof ErrorAnswer>;

// ---- page → host -----------------------------------------------------------------------------

/** The server's commands that a page may send, without their prefix `tensorhints.server.`. */
export const PageCommand = v.picklist([
  "run",
  "stop",
  "tensors",
  "tensor",
  "lesson",
  "quiz",
  "check",
  "hint",
  "solution",
  "reset",
  "progress",
]);
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
