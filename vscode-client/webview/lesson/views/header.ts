/** The header: course and lesson, clock and language, the list of steps. */

import { html, nothing, type TemplateResult } from "lit";
import type { StepOverview, StepState } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import { type Locale, LOCALE_NAMES } from "../../words";
import type { LessonView } from "../model";
import { isSolved, type Screen } from "../screens";

const STATE_ICONS: Record<StepState, [icon: string, tint: string]> = {
  open: ["circle-large", "tint-quiet"],
  started: ["circle-large", "tint-info"],
  done: ["pass-filled", "tint-passed"],
  done_with_help: ["pass", "tint-passed"],
};

export function headerView(view: LessonView): TemplateResult {
  const { lesson, words, course } = view.state;
  if (lesson === null) return html``;
  return html`
    <header>
      <div class="top">
        <nav class="breadcrumb" aria-label=${words.course}>
          <button
            type="button"
            class="crumb"
            aria-expanded=${view.state.showsLessons ? "true" : "false"}
            aria-controls="lessons"
            title=${view.state.showsLessons ? words.hideLessons : words.showLessons}
            @click=${() => view.actions.toggleLessons()}
          >
            ${icon("mortar-board")}<span>${course?.course ?? words.course}</span>
            ${icon(view.state.showsLessons ? "chevron-up" : "chevron-down")}
          </button>
          ${icon("chevron-right", "tint-quiet")}
          <span aria-current="page">${words.lessonNumber(lesson.number)}</span>
        </nav>
        <div class="tools">${clockView(view)} ${languageView(view)}</div>
      </div>
      ${lessonsView(view)}
      <h1>${lesson.title}</h1>
      ${stepsView(view)}
    </header>
  `;
}

function clockView(view: LessonView): TemplateResult {
  const { words, timeText, saved } = view.state;
  const label = saved.showsClock ? words.hideClock : words.showClock;
  return html`<button
    type="button"
    class="clock"
    title=${saved.showsClock ? `${words.timeSpent(timeText)}. ${label}` : label}
    aria-label=${saved.showsClock ? `${words.timeSpent(timeText)}. ${label}` : label}
    @click=${() => view.actions.toggleClock()}
  >
    ${icon("clock")}${saved.showsClock ? html`<span>${timeText}</span>` : nothing}
  </button>`;
}

function languageView(view: LessonView): TemplateResult {
  const locales = (view.state.course?.locales ?? []).filter(
    (each): each is Locale => each in LOCALE_NAMES,
  );
  return html`<div class="languages" role="group" aria-label=${view.state.words.language}>
    ${locales.map(
      (locale) =>
        html`<button
          type="button"
          lang=${locale}
          title=${LOCALE_NAMES[locale]}
          aria-label="${locale.slice(0, 2).toUpperCase()}: ${LOCALE_NAMES[locale]}"
          aria-pressed=${view.state.locale === locale ? "true" : "false"}
          @click=${() => view.actions.setLocale(locale)}
        >
          ${locale.slice(0, 2).toUpperCase()}
        </button>`,
    )}
  </div>`;
}

function lessonsView(view: LessonView): TemplateResult {
  const { words, course, lesson } = view.state;
  const listed = (course?.lessons ?? []).map((each) => {
    const [name, tint] = STATE_ICONS[each.state];
    const done = each.steps.filter(isSolved).length;
    return html`<li>
      <button
        type="button"
        class="lesson"
        aria-current=${each.lesson === lesson?.lesson ? "true" : "false"}
        @click=${() => view.actions.open(each.lesson, null)}
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
  return html`<nav id="lessons" ?hidden=${!view.state.showsLessons} aria-label=${words.allLessons}>
    <ol>
      ${listed}
    </ol>
  </nav>`;
}

function stepsView(view: LessonView): TemplateResult {
  const { words, screens, screenNumber } = view.state;
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
            @click=${() => view.actions.open(view.state.lesson?.lesson ?? "", first.id)}
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
