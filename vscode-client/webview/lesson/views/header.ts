/** The head of the page: course and lesson, clock and language, the way through the lesson. */

import { html, nothing, type TemplateResult } from "lit";
import type { StepOverview, StepState } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import { type Locale, LOCALE_NAMES } from "../../words";
import type { LessonPage } from "../page";
import { isSolved, type Screen } from "../screens";

const STATE_ICONS: Record<StepState, [icon: string, tint: string]> = {
  open: ["circle-large", "tint-quiet"],
  started: ["circle-large", "tint-info"],
  done: ["pass-filled", "tint-passed"],
  done_with_help: ["pass", "tint-passed"],
};

export function headerView(page: LessonPage): TemplateResult {
  const { lesson, words, course } = page;
  if (lesson === null) return html``;
  return html`
    <header>
      <div class="top">
        <nav class="breadcrumb" aria-label=${words.course}>
          <button
            type="button"
            class="crumb"
            aria-expanded=${page.showsLessons ? "true" : "false"}
            aria-controls="lessons"
            title=${page.showsLessons ? words.hideLessons : words.showLessons}
            @click=${() => page.toggleLessons()}
          >
            ${icon("mortar-board")}<span>${course?.course ?? words.course}</span>
            ${icon(page.showsLessons ? "chevron-up" : "chevron-down")}
          </button>
          ${icon("chevron-right", "tint-quiet")}
          <span aria-current="page">${words.lessonNumber(lesson.number)}</span>
        </nav>
        <div class="tools">${clockView(page)} ${languageView(page)}</div>
      </div>
      ${lessonsView(page)}
      <h1>${lesson.title}</h1>
      ${stepsView(page)}
    </header>
  `;
}

function clockView(page: LessonPage): TemplateResult {
  const { words, clock, saved } = page;
  const label = saved.showsClock ? words.hideClock : words.showClock;
  return html`<button
    type="button"
    class="clock"
    title=${saved.showsClock ? `${words.timeSpent(clock.text)}. ${label}` : label}
    aria-label=${saved.showsClock ? `${words.timeSpent(clock.text)}. ${label}` : label}
    @click=${() => page.toggleClock()}
  >
    ${icon("clock")}${saved.showsClock ? html`<span>${clock.text}</span>` : nothing}
  </button>`;
}

function languageView(page: LessonPage): TemplateResult {
  const locales = (page.course?.locales ?? []).filter(
    (each): each is Locale => each in LOCALE_NAMES,
  );
  return html`<div class="languages" role="group" aria-label=${page.words.language}>
    ${locales.map(
      (locale) =>
        html`<button
          type="button"
          lang=${locale}
          title=${LOCALE_NAMES[locale]}
          aria-label="${locale.slice(0, 2).toUpperCase()}: ${LOCALE_NAMES[locale]}"
          aria-pressed=${page.locale === locale ? "true" : "false"}
          @click=${() => page.speak(locale)}
        >
          ${locale.slice(0, 2).toUpperCase()}
        </button>`,
    )}
  </div>`;
}

function lessonsView(page: LessonPage): TemplateResult {
  const { words, course, lesson } = page;
  const listed = (course?.lessons ?? []).map((each) => {
    const [name, tint] = STATE_ICONS[each.state];
    const done = each.steps.filter(isSolved).length;
    return html`<li>
      <button
        type="button"
        class="lesson"
        aria-current=${each.lesson === lesson?.lesson ? "true" : "false"}
        @click=${() => page.go(each.lesson, null)}
      >
        ${icon(name, tint)}
        <span class="lesson-title">${each.number}. ${each.title}</span>
        <span class="lesson-progress">
          <span class="unseen">${words.states[each.state]}, </span>
          <span aria-hidden="true">${done}/${each.steps.length}</span>
          <span class="unseen">${words.stepsDone(done, each.steps.length)}, </span>
          <span>${words.minutes(each.minutes)}</span>
        </span>
      </button>
    </li>`;
  });
  return html`<nav id="lessons" ?hidden=${!page.showsLessons} aria-label=${words.allLessons}>
    <ol>
      ${listed}
    </ol>
  </nav>`;
}

function stepsView(page: LessonPage): TemplateResult {
  const { words, screens, screenNumber } = page;
  return html`<nav class="steps" aria-label=${words.steps}>
    <ol>
      ${screens.map((screen, number) => {
        const first = screen.steps[0];
        if (first === undefined) return nothing;
        const title = screen.kind === "challenge" ? words.challenge : first.title;
        const state = stateOf(screen.steps);
        const label = `${number + 1}. ${title} (${words.states[state]})`;
        return html`<li>
          <button
            type="button"
            class="step ${state}"
            title=${label}
            aria-label=${label}
            aria-current=${number === screenNumber ? "step" : "false"}
            @click=${() => page.go(page.lesson?.lesson ?? "", first.id)}
          >
            ${icon(stepIcon(screen, state))}
          </button>
        </li>`;
      })}
    </ol>
  </nav>`;
}

function stateOf(steps: readonly StepOverview[]): StepState {
  if (steps.every(isSolved)) {
    return steps.some(({ state }) => state === "done_with_help") ? "done_with_help" : "done";
  }
  return steps.some(({ state }) => state !== "open") ? "started" : "open";
}

function stepIcon(screen: Screen, state: StepState): string {
  if (state === "done" || state === "done_with_help") return "check";
  return { theory: "book", quiz: "question", challenge: "code" }[screen.kind];
}
