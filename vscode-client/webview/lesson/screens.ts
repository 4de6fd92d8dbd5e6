/**
 * A lesson as the learner walks through it: one screen for a text or a question, one for the steps of
 * a challenge that follow each other.
 */

import type { StepOverview } from "../../src/shared/protocol";

export interface Screen {
  kind: StepOverview["kind"];
  steps: StepOverview[];
}

export function screensOf(steps: readonly StepOverview[]): Screen[] {
  const screens: Screen[] = [];
  for (const step of steps) {
    const last = screens.at(-1);
    if (step.kind === "challenge" && last?.kind === "challenge") last.steps.push(step);
    else screens.push({ kind: step.kind, steps: [step] });
  }
  return screens;
}

export function isSolved(step: Pick<StepOverview, "state">): boolean {
  return step.state === "done" || step.state === "done_with_help";
}

/** The step's own; where there is no such step, the first one that is not solved, else the first. */
export function screenOf(steps: readonly StepOverview[], step: string | null): number {
  const screens = screensOf(steps);
  const named = screens.findIndex((screen) => screen.steps.some(({ id }) => id === step));
  if (named >= 0) return named;
  return Math.max(
    0,
    screens.findIndex((screen) => !screen.steps.every(isSolved)),
  );
}

/** How the step counts among those of its kind: [2, 3] is the second of three. */
export function placeInKind(steps: readonly StepOverview[], step: string): [number, number] {
  const kind = steps.find(({ id }) => id === step)?.kind;
  const alike = steps.filter((each) => each.kind === kind);
  return [alike.findIndex(({ id }) => id === step) + 1, alike.length];
}
