/** Applies a progress notification to the loaded lesson and course. */

import type { ProgressAnswer, ProgressNotification, StepOverview } from "../../src/shared/protocol";
import { isSolved } from "./screens";

type States = ProgressNotification["steps"];

export function updatedSteps(steps: readonly StepOverview[], states: States): StepOverview[] {
  const now = new Map(states.map(({ id, state }) => [id, state]));
  return steps.map((step) => ({ ...step, state: now.get(step.id) ?? step.state }));
}

export function updatedCourse(
  course: ProgressAnswer,
  { lesson, steps: states }: ProgressNotification,
): ProgressAnswer {
  const lessons = course.lessons.map((each) => {
    if (each.lesson !== lesson) return each;
    const steps = updatedSteps(each.steps, states);
    const isBegun = steps.some(({ state }) => state !== "open");
    const state = steps.every(isSolved) ? "done" : isBegun ? "started" : "open";
    return { ...each, steps, state } as const;
  });
  return { ...course, lessons };
}
