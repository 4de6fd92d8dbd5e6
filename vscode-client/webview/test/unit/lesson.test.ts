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
  test("are its steps one by one, but a challenge's steps are together", () => {
    const shapes = screensOf(STEPS).map(({ kind, steps }) => `${kind} ${steps.length}`);
    expect(shapes.slice(-2)).toEqual(["theory 1", "challenge 3"]);
    expect(shapes).toHaveLength(9);
  });

  test("begin where the learner is", () => {
    expect(screenOf(STEPS, null)).toBe(0);
    expect(screenOf(solved("why", "structure"), null)).toBe(2);
    expect(screenOf(solved(...STEPS.map(({ id }) => id)), null)).toBe(0);
  });

  test("show the one that was asked for", () => {
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

  test("passed over with the arrow keys is not judged", () => {
    expect(chosen("a")).toMatchObject({ choice: "a", isJudging: false, answer: null });
  });

  test("takes no verdict on a choice that is no longer the chosen one", () => {
    const other = judging("b");
    expect(judged(other, answer)).toBe(other);
  });

  test("that could not be judged says why", () => {
    expect(failed(judging("a"), "no server")).toMatchObject({
      isJudging: false,
      failure: "no server",
    });
  });

  test("hides its proof again when another choice is made", () => {
    expect(judging("b").showsProof).toBe(false);
    expect(withProof(judged(judging("a"), answer), true).showsProof).toBe(true);
  });
});

describe("the clock", () => {
  test("is written as the lecture writes it", () => {
    expect([0, 59, 61, 3600].map(clockText)).toEqual(["00:00", "00:59", "01:01", "1:00:00"]);
  });

  test("goes on from the time that was spent before", () => {
    const clock = new Clock(() => undefined);
    clock.start(125);
    clock.tick(true);
    expect(clock.text).toBe("02:06");
  });

  test("stands still while nobody sees the page", () => {
    const clock = new Clock(() => undefined);
    clock.start(0);
    clock.tick(false);
    expect(clock.text).toBe("00:00");
  });

  test("stands still after five minutes in which nothing happened, until something does", () => {
    const clock = new Clock(() => undefined);
    clock.start(0);
    for (let second = 0; second < 400; second++) clock.tick(true);
    expect(clock.text).toBe("05:00");
    clock.noteActivity();
    clock.tick(true);
    expect(clock.text).toBe("05:01");
  });

  test("tells every second once", () => {
    const told: number[] = [];
    const clock = new Clock((seconds) => told.push(seconds));
    clock.start(0);
    for (let second = 0; second < 40; second++) clock.tick(true);
    clock.report();
    clock.report();
    expect(told).toEqual([15, 15, 10]);
  });
});

describe("a notification of progress", () => {
  const course = v.parse(ProgressAnswer, recorded("progress.en"));
  const told = (state: StepOverview["state"]) => ({
    lesson: "tensors",
    uri: null,
    steps: STEPS.map(({ id, kind }) => ({ id, kind, state, verdict: null })),
  });
  const stateOf = (id: string, state: StepOverview["state"]) =>
    updatedCourse(course, told(state)).lessons.find(({ lesson }) => lesson === id)?.state;

  test("changes the state of its lesson in the list, and of no other", () => {
    expect(stateOf("tensors", "open")).toBe("open");
    expect(stateOf("tensors", "started")).toBe("started");
    expect(stateOf("tensors", "done_with_help")).toBe("done");
    expect(stateOf("creating", "done")).toBe("open");
  });

  test("leaves a step that it does not name as it was", () => {
    const some = told("done").steps.slice(0, 1);
    expect(
      updatedSteps(STEPS, some)
        .map(({ state }) => state)
        .slice(0, 2),
    ).toEqual(["done", "open"]);
  });
});

test("a state that is none is not restored", () => {
  const nothing = { lesson: null, step: null, locale: null, showsClock: true, choices: {} };
  expect(savedFrom(undefined)).toEqual(nothing);
  expect(savedFrom({ lesson: 1 })).toEqual(nothing);
  const kept = { ...nothing, lesson: "tensors", locale: "pt-BR", choices: { "tensors/a": "b" } };
  expect(savedFrom(kept)).toEqual(kept);
});
