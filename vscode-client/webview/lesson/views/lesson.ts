/** The whole page: where one is, one screen of the lesson, and the ways on. */

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../../page/icons";
import type { LessonPage } from "../page";
import { type Screen, placeInKind } from "../screens";
import { challengeView } from "./challenge";
import { headerView } from "./header";
import { quizView } from "./quiz";

export function lessonView(page: LessonPage): TemplateResult {
  const { lesson, screen, words } = page;
  if (lesson === null || screen === undefined) return waitingView(page);
  return html`
    ${headerView(page)} ${bannerView(page)}
    <article class="screen" aria-busy=${page.isReady ? "false" : "true"}>
      ${screenView(page, screen)}
    </article>
    <nav class="ways" aria-label="${words.previous}, ${words.next}">${waysView(page)}</nav>
  `;
}

function waitingView(page: LessonPage): TemplateResult {
  const { context, words } = page;
  if (page.failure !== null) return bannerView(page);
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

function bannerView(page: LessonPage): TemplateResult {
  const { failure, context, words } = page;
  if (failure !== null) {
    return html`<div class="banner" role="alert">
      ${icon("error", "tint-failed")}<span>${failure}</span>
      <vscode-button secondary @click=${() => page.retry()}>${words.retry}</vscode-button>
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

function screenView(page: LessonPage, screen: Screen): TemplateResult {
  if (screen.kind === "challenge") return challengeView(page, screen);
  const step = screen.steps[0];
  const shown = step === undefined ? undefined : page.pages.get(step.id);
  if (step === undefined || shown === undefined) return html`<p>${page.words.loading}</p>`;
  const isFirst = page.screenNumber === 0;
  const [number, all] = placeInKind(page.lesson?.steps ?? [], step.id);
  const kicker = screen.kind === "quiz" ? page.words.question(number, all) : null;
  return html`
    ${
      isFirst && page.lesson !== null
        ? html`<div class="lead">${page.prose(page.lesson.lead)}</div>`
        : nothing
    }
    ${kicker === null ? nothing : html`<p class="kicker">${kicker}</p>`}
    <h2 tabindex="-1">${shown.stepTitle}</h2>
    ${page.prose(shown.html ?? "", true)}
    ${screen.kind === "quiz" ? quizView(page, shown) : nothing}
  `;
}

function waysView(page: LessonPage): TemplateResult {
  const { words, screens, screenNumber, lessonAfter } = page;
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
            @click=${() => page.move(-1)}
          >
            <span slot="content-before">${icon("arrow-left")}</span>${words.previous}
          </vscode-button>`
    }
    <span class="where">${words.stepOf(screenNumber + 1, screens.length)}</span>
    ${
      after !== undefined
        ? html`<vscode-button id="next" title=${after.title} @click=${() => page.move(1)}>
            ${words.next}<span slot="content-after">${icon("arrow-right")}</span>
          </vscode-button>`
        : lessonAfter !== undefined
          ? html`<vscode-button
              id="next"
              title=${lessonAfter.title}
              @click=${() => page.go(lessonAfter.lesson, null)}
            >
              ${words.nextLesson}<span slot="content-after">${icon("arrow-right")}</span>
            </vscode-button>`
          : html`<span>${words.lastStep}</span>`
    }
  `;
}
