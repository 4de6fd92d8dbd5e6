/** Commands of code lenses and code actions that this client shows on its own pages. */

import * as v from "valibot";
import * as vscode from "vscode";
import { refusal, sentence } from "../server/answers";
import type { Intercept, Server } from "../server/server";
import { answerOf } from "../shared/messages";
import { LessonAnswer } from "../shared/protocol";
import type { LessonPanel } from "./lessonPanel";
import type { Solutions } from "./solutions";

const Argument = v.object({
  uri: v.optional(v.string()),
  lesson: v.optional(v.string()),
  step: v.optional(v.string()),
  choice: v.optional(v.string()),
  locale: v.optional(v.string()),
});
type Argument = v.InferOutput<typeof Argument>;

export function interceptor(server: Server, lessons: LessonPanel, solutions: Solutions): Intercept {
  const handlers: Record<string, (argument: Argument) => Promise<unknown>> = {
    lesson: async (argument) => {
      const found = await lessonOf(server, argument);
      await lessons.show(found.lesson, argument.step ?? null);
    },
    quiz: async (argument) => {
      if (argument.choice !== undefined) return server.send("quiz", argument);
      const found = await lessonOf(server, argument);
      const open = found.steps.filter((step) => step.kind === "quiz");
      const step = argument.step ?? (open.find((each) => each.state !== "done") ?? open[0])?.id;
      await lessons.show(found.lesson, step ?? null);
      return undefined;
    },
    hint: async (argument) => {
      const found = await lessonOf(server, argument);
      const answer = await server.send("hint", argument);
      if (refusal(answer) === null) await lessons.show(found.lesson, stepOf(answer));
      return answer;
    },
    solution: async (argument) => {
      const found = await lessonOf(server, argument);
      const step = argument.step ?? found.steps.find(isOpenChallenge)?.id;
      if (step !== undefined) await solutions.show(found.lesson, step);
    },
  };
  return (name, argument) => {
    const handler = handlers[name];
    const parsed = v.safeParse(v.optional(Argument, {}), argument ?? undefined);
    if (handler === undefined || !parsed.success) return false;
    return handler(parsed.output).then(showRefusal, (error: unknown) => {
      void vscode.window.showWarningMessage(sentence(error));
    });
  };
}

function showRefusal(answer: unknown): unknown {
  const refused = refusal(answer);
  if (refused !== null) void vscode.window.showWarningMessage(refused);
  return answer;
}

async function lessonOf(server: Server, argument: Argument): Promise<LessonAnswer> {
  const { uri, lesson, locale } = argument;
  const wanted = { uri, lesson, locale };
  const found = answerOf(LessonAnswer, await server.send("lesson", withoutUndefined(wanted)));
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

function withoutUndefined(argument: Record<string, string | undefined>): Record<string, string> {
  const present = Object.entries(argument).filter((entry): entry is [string, string] => !!entry[1]);
  return Object.fromEntries(present);
}

function stepOf(answer: unknown): string | null {
  const parsed = v.safeParse(v.object({ step: v.string() }), answer);
  return parsed.success ? parsed.output.step : null;
}

function isOpenChallenge(step: LessonAnswer["steps"][number]): boolean {
  return step.kind === "challenge" && step.state !== "done" && step.state !== "done_with_help";
}
