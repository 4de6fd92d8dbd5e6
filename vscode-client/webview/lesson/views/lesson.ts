/** The whole page: header, one screen of the lesson, and navigation. */

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../../page/icons";
import type { LessonView } from "../model";
import { positionInKind, type Screen } from "../screens";
import { challengeView } from "./challenge";
import { headerView } from "./header";
import { quizView } from "./quiz";

export function lessonView(view: LessonView): TemplateResult {
  const { lesson, screen, words } = view.state;
  if (lesson === null || screen === undefined) return waitingView(view);
  return html`
    ${headerView(view)} ${bannerView(view)}
    <article class="screen" aria-busy=${view.state.isReady ? "false" : "true"}>
      ${screenView(view, screen)}
    </article>
    <nav class="ways" aria-label="${words.previous}, ${words.next}">${navigationView(view)}</nav>
  `;
}

function waitingView(view: LessonView): TemplateResult {
  const { context, words } = view.state;
  if (view.state.failure !== null) return bannerView(view);
  const text =
    context?.trusted === false
      ? words.notTrusted
      : context?.ready === true
        ? words.loading
        : context?.lost === true
          ? words.lost
          : words.starting;
  return html`<div class="waiting" role="status">
    ${context?.trusted === false ? icon("shield") : icon("loading", "codicon-modifier-spin")}
    <p>${text}</p>
  </div>`;
}

function bannerView(view: LessonView): TemplateResult {
  const { failure, context, words } = view.state;
  if (failure !== null) {
    return html`<div class="banner" role="alert">
      ${icon("error", "tint-failed")}<span>${failure}</span>
      <vscode-button secondary @click=${() => view.actions.retry()}>${words.retry}</vscode-button>
    </div>`;
  }
  const text =
    context?.trusted === false
      ? words.notTrusted
      : context?.ready === false
        ? context.lost
          ? words.lost
          : words.starting
        : null;
  if (text === null) return html``;
  return html`<div class="banner" role="status">${icon("info")}<span>${text}</span></div>`;
}

function screenView(view: LessonView, screen: Screen): TemplateResult {
  if (screen.kind === "challenge") return challengeView(view, screen);
  const step = screen.steps[0];
  const shown = step === undefined ? undefined : view.state.pages.get(step.id);
  if (step === undefined || shown === undefined) return html`<p>${view.state.words.loading}</p>`;
  const isFirst = view.state.screenNumber === 0;
  const [number, all] = positionInKind(view.state.lesson?.steps ?? [], step.id);
  const kicker = screen.kind === "quiz" ? view.state.words.question(number, all) : null;
  return html`
    ${
      isFirst && view.state.lesson !== null
        ? html`<div class="lead">${view.prose(view.state.lesson.lead)}</div>`
        : nothing
    }
    ${kicker === null ? nothing : html`<p class="kicker">${kicker}</p>`}
    <h2 tabindex="-1">${shown.stepTitle}</h2>
    ${view.prose(shown.html ?? "", true)}
    ${screen.kind === "quiz" ? quizView(view, shown) : nothing}
  `;
}

function navigationView(view: LessonView): TemplateResult {
  const { words, screens, screenNumber, nextLesson } = view.state;
  const before = screens[screenNumber - 1]?.steps[0];
  const after = screens[screenNumber + 1]?.steps[0];
  return html`
    ${
      before === undefined
        ? html`<span></span>`
        : html`<vscode-button
            secondary
            id="previous"
            title=${before.title}
            @click=${() => view.actions.move(-1)}
          >
            <span slot="content-before">${icon("arrow-left")}</span>${words.previous}
          </vscode-button>`
    }
    <span class="where">${words.stepOf(screenNumber + 1, screens.length)}</span>
    ${
      after !== undefined
        ? html`<vscode-button id="next" title=${after.title} @click=${() => view.actions.move(1)}>
            ${words.next}<span slot="content-after">${icon("arrow-right")}</span>
          </vscode-button>`
        : nextLesson !== undefined
          ? html`<vscode-button
              id="next"
              title=${nextLesson.title}
              @click=${() => view.actions.open(nextLesson.lesson, null)}
            >
              ${words.nextLesson}<span slot="content-after">${icon("arrow-right")}</span>
            </vscode-button>`
          : html`<span>${words.lastStep}</span>`
    }
  `;
}
