/** All that one screen of a lesson needs of the server. */

import { LessonAnswer, ProgressAnswer } from "../../src/shared/protocol";
import type { Answer, Client } from "../client";
import type { Locale } from "../words";
import { type Screen, screenOf, screensOf } from "./screens";

export interface Fetched {
  /** The whole lesson, with the states that its steps have once this screen was read. */
  lesson: LessonAnswer;
  screen: Screen | undefined;
  /** One for each step of the screen. */
  pages: LessonAnswer[];
  course: ProgressAnswer;
}

/** Where `lesson` is null, the first one that is not done; of its steps the one that is open. */
export async function fetched(
  client: Client,
  lesson: string | null,
  step: string | null,
  locale: Locale,
  isCurrent: () => boolean,
): Promise<Answer<Fetched> | null> {
  const before = lesson === null ? await client.command("progress", {}, ProgressAnswer) : null;
  if (before?.ok === false) return before;
  const id = lesson ?? firstOpen(before?.value.lessons ?? []);
  if (id === null || !isCurrent()) return null;
  const overview = await client.command("lesson", { lesson: id, locale }, LessonAnswer);
  if (!overview.ok) return overview;
  // A step that is shown counts as read: those that are passed over are not asked for.
  if (!isCurrent()) return null;
  const { steps } = overview.value;
  const screen = screensOf(steps)[screenOf(steps, step)];
  const pages: LessonAnswer[] = [];
  for (const each of screen?.steps ?? []) {
    const page = await client.command(
      "lesson",
      { lesson: id, step: each.id, locale },
      LessonAnswer,
    );
    if (!page.ok) return page;
    pages.push(page.value);
  }
  const course = await client.command("progress", {}, ProgressAnswer);
  if (!course.ok) return course;
  const read = pages.at(-1)?.steps ?? steps;
  const value = { lesson: { ...overview.value, steps: read }, screen, pages, course: course.value };
  return { ok: true, value };
}

function firstOpen(lessons: ProgressAnswer["lessons"]): string | null {
  return (lessons.find(({ state }) => state !== "done") ?? lessons[0])?.lesson ?? null;
}
