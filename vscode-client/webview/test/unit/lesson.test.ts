import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { LessonAnswer, ProgressAnswer, type StepOverview } from "../../../src/shared/protocol";
import { Clock, clockText } from "../../lesson/clock";
import { chosen, failed, judged, judging, OPEN, withProof } from "../../lesson/quiz";
import { savedFrom } from "../../lesson/saved";
import { positionInKind, screenOf, screensOf } from "../../lesson/screens";
import { updatedCourse, updatedSteps } from "../../lesson/states";
import { recorded } from "../recorded";

const STEPS = v.parse(LessonAnswer, recorded("lesson.en")).steps;
const solved = (...ids: string[]): StepOverview[] =>
  STEPS.map((step) => (ids.includes(step.id) ? { ...step, state: "done" } : step));

describe("the screens of a lesson", () => {
  test("are its steps, but the steps of a challenge share one screen", () => {
    const shapes = screensOf(STEPS).map(({ kind, steps }) => `${kind} ${steps.length}`);
    expect(shapes.slice(-2)).toEqual(["theory 1", "challenge 3"]);
    expect(shapes).toHaveLength(9);
  });

  test("start at the first unsolved step", () => {
    expect(screenOf(STEPS, null)).toBe(0);
    expect(screenOf(solved("why", "structure"), null)).toBe(2);
    expect(screenOf(solved(...STEPS.map(({ id }) => id)), null)).toBe(0);
  });

  test("show the requested step", () => {
    expect(screenOf(STEPS, "flat")).toBe(8);
    expect(screenOf(STEPS, "no such step")).toBe(0);
  });

  test("count questions among questions", () => {
    expect(positionInKind(STEPS, "mixed")).toEqual([2, 3]);
  });
});

describe("a question", () => {
  const answer = { step: "s", choice: "a", correct: true, explanation: "", html: "", proof: null };

  test("is open, being judged, judged, and open again", () => {
    expect(judging("a")).toMatchObject({ choice: "a", isJudging: true, answer: null });
    expect(judged(judging("a"), answer)).toMatchObject({ isJudging: false, answer });
    expect(OPEN).toMatchObject({ choice: null, answer: null });
  });

  test("selected with the arrow keys is not judged", () => {
    expect(chosen("a")).toMatchObject({ choice: "a", isJudging: false, answer: null });
  });

  test("ignores a verdict on a choice that is no longer selected", () => {
    const other = judging("b");
    expect(judged(other, answer)).toBe(other);
  });

  test("that could not be judged has the reason", () => {
    expect(failed(judging("a"), "no server")).toMatchObject({
      isJudging: false,
      failure: "no server",
    });
  });

  test("hides its proof after another choice", () => {
    expect(judging("b").showsProof).toBe(false);
    expect(withProof(judged(judging("a"), answer), true).showsProof).toBe(true);
  });
});

describe("the clock", () => {
  test("is written as minutes and seconds, with hours if there are any", () => {
    expect([0, 59, 61, 3600].map(clockText)).toEqual(["00:00", "00:59", "01:01", "1:00:00"]);
  });

  test("continues from the time spent before", () => {
    const clock = new Clock(() => undefined);
    clock.start(125);
    clock.tick(true);
    expect(clock.text).toBe("02:06");
  });

  test("stops while the page is not visible", () => {
    const clock = new Clock(() => undefined);
    clock.start(0);
    clock.tick(false);
    expect(clock.text).toBe("00:00");
  });

  test("stops after five minutes without activity, until there is some", () => {
    const clock = new Clock(() => undefined);
    clock.start(0);
    for (let second = 0; second < 400; second++) clock.tick(true);
    expect(clock.text).toBe("05:00");
    clock.noteActivity();
    clock.tick(true);
    expect(clock.text).toBe("05:01");
  });

  test("reports every second once", () => {
    const reported: number[] = [];
    const clock = new Clock((seconds) => reported.push(seconds));
    clock.start(0);
    for (let second = 0; second < 40; second++) clock.tick(true);
    clock.report();
    clock.report();
    expect(reported).toEqual([15, 15, 10]);
  });
});

describe("a notification of progress", () => {
  const course = v.parse(ProgressAnswer, recorded("progress.en"));
  const progress = (state: StepOverview["state"]) => ({
    lesson: "tensors",
    uri: null,
    steps: STEPS.map(({ id, kind }) => ({ id, kind, state, verdict: null })),
  });
  const stateOf = (id: string, state: StepOverview["state"]) =>
    updatedCourse(course, progress(state)).lessons.find(({ lesson }) => lesson === id)?.state;

  test("changes the state of its lesson in the list only", () => {
    expect(stateOf("tensors", "open")).toBe("open");
    expect(stateOf("tensors", "started")).toBe("started");
    expect(stateOf("tensors", "done_with_help")).toBe("done");
    expect(stateOf("creating", "done")).toBe("open");
  });

  test("does not change a step that it does not name", () => {
    const some = progress("done").steps.slice(0, 1);
    expect(
      updatedSteps(STEPS, some)
        .map(({ state }) => state)
        .slice(0, 2),
    ).toEqual(["done", "open"]);
  });
});

test("an invalid saved state is not restored", () => {
  const nothing = { lesson: null, step: null, locale: null, showsClock: true, choices: {} };
  expect(savedFrom(undefined)).toEqual(nothing);
  expect(savedFrom({ lesson: 1 })).toEqual(nothing);
  const kept = { ...nothing, lesson: "tensors", locale: "pt-BR", choices: { "tensors/a": "b" } };
  expect(savedFrom(kept)).toEqual(kept);
});
