/** A host of the lesson page with the recorded answers of a server (`recorded/`, by record.py). */

import type { FromPage, ToPage } from "../../src/shared/messages";
import type { Answers } from "./browser";
import { recorded } from "./recorded";

interface Start {
  lesson?: string | null;
  step?: string | null;
  locale?: string;
  trusted?: boolean;
  ready?: boolean;
  /** Replaces a recorded answer. */
  instead?: (command: string, answer: unknown) => unknown;
}

export function lessonHost(start: Start = {}): Answers {
  const { lesson = "tensors", step = null, locale = "en", trusted = true, ready = true } = start;
  let spoken = locale;
  return (message) => {
    if (message.type === "ready") {
      return [
        { type: "context", locale, trusted, ready },
        { type: "show", lesson, step, locale },
      ];
    }
    if (message.type !== "command") return null;
    const { id } = message;
    if (typeof message.argument["locale"] === "string") spoken = message.argument["locale"];
    const found = answerTo(message, spoken);
    const result = start.instead?.(message.command, found) ?? found;
    return result === undefined
      ? { type: "failed", id, message: `nothing was recorded for ${message.command}` }
      : { type: "answer", id, result };
  };
}

function answerTo(
  { command, argument }: Extract<FromPage, { type: "command" }>,
  spoken: string,
): unknown {
  const step = argument["step"];
  switch (command) {
    case "lesson":
      return recorded(typeof step === "string" ? `step-${step}.${spoken}` : `lesson.${spoken}`);
    case "reset":
      return {};
    case "progress":
      return recorded(`progress.${spoken}`);
    case "quiz":
      return recorded(`quiz-${String(step)}-${String(argument["choice"])}.${spoken}`);
    case "hint":
      return recorded("hint.en");
    case "check":
      return recorded(`check.${spoken}`);
    default:
      return undefined;
  }
}

/** The notifications of the server while the learner types the solution. */
export function verdictsWhileTyping(): ToPage[] {
  const notifications = recorded("progress-while-typing")["notifications"] as never[];
  return notifications.map((progress) => ({ type: "progress", progress }));
}
