/** The screens of a lesson: one for each text or question, one for consecutive challenge steps. */

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

/** The number of a step's screen; without such a step, the first unsolved screen, or the first. */
export function screenOf(steps: readonly StepOverview[], step: string | null): number {
  const screens = screensOf(steps);
  const named = screens.findIndex((screen) => screen.steps.some(({ id }) => id === step));
  if (named >= 0) return named;
  return Math.max(
    0,
    screens.findIndex((screen) => !screen.steps.every(isSolved)),
  );
}

/** The position of a step among those of its kind: [2, 3] is the second of three. */
export function positionInKind(steps: readonly StepOverview[], step: string): [number, number] {
  const kind = steps.find(({ id }) => id === step)?.kind;
  const alike = steps.filter((each) => each.kind === kind);
  return [alike.findIndex(({ id }) => id === step) + 1, alike.length];
}
