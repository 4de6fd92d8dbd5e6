/** Loads one screen of a lesson from the server. */

import { LessonAnswer, ProgressAnswer } from "../../src/shared/protocol";
import type { Answer, Client } from "../client";
import type { Locale } from "../words";
import { type Screen, screenOf, screensOf } from "./screens";

export interface LoadedScreen {
  /** The whole lesson, with the states of its steps after this screen was read. */
  lesson: LessonAnswer;
  screen: Screen | undefined;
  /** One page for each step of the screen. */
  pages: LessonAnswer[];
  course: ProgressAnswer;
}

export class LessonLoader {
  private turn = 0;

  constructor(private readonly client: Client) {}

  /**
   * Load the screen of a step. Without `lesson`, it is the first lesson that is not done; without
   * `step`, the step where the learner is. Returns null if a later call has overtaken this one.
   */
  async load(
    lesson: string | null,
    step: string | null,
    locale: Locale,
  ): Promise<Answer<LoadedScreen> | null> {
    const turn = ++this.turn;
    const isOvertaken = () => turn !== this.turn;
    const before =
      lesson === null ? await this.client.command("progress", {}, ProgressAnswer) : null;
    if (isOvertaken()) return null;
    if (before?.ok === false) return before;
    const id = lesson ?? firstOpen(before?.value.lessons ?? []);
    if (id === null) return null;
    const overview = await this.client.command("lesson", { lesson: id, locale }, LessonAnswer);
    // A step that is requested counts as read: an overtaken call must not request any.
    if (isOvertaken()) return null;
    if (!overview.ok) return overview;
    const answer = await this.loadScreen(overview.value, step, locale);
    return isOvertaken() ? null : answer;
  }

  private async loadScreen(
    lesson: LessonAnswer,
    step: string | null,
    locale: Locale,
  ): Promise<Answer<LoadedScreen>> {
    const { steps } = lesson;
    const screen = screensOf(steps)[screenOf(steps, step)];
    const pages: LessonAnswer[] = [];
    for (const each of screen?.steps ?? []) {
      const argument = { lesson: lesson.lesson, step: each.id, locale };
      const page = await this.client.command("lesson", argument, LessonAnswer);
      if (!page.ok) return page;
      pages.push(page.value);
    }
    const course = await this.client.command("progress", {}, ProgressAnswer);
    if (!course.ok) return course;
    const read = pages.at(-1)?.steps ?? steps;
    const value = { lesson: { ...lesson, steps: read }, screen, pages, course: course.value };
    return { ok: true, value };
  }
}

function firstOpen(lessons: ProgressAnswer["lessons"]): string | null {
  return (lessons.find(({ state }) => state !== "done") ?? lessons[0])?.lesson ?? null;
}
