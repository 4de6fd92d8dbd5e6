/** The steps of a challenge: each with its verdict, which comes by itself, and its ladder of help. */

import { html, nothing, type TemplateResult } from "lit";
import type { StepOverview, Verdict } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import { inline } from "../../page/inline";
import type { LessonPage } from "../page";
import { isSolved, type Screen } from "../screens";

const VERDICT_ICONS: Record<Verdict, [icon: string, tint: string]> = {
  not_attempted: ["circle-large", "tint-quiet"],
  incorrect: ["error", "tint-failed"],
  correct: ["pass-filled", "tint-passed"],
  error_in_your_code: ["bug", "tint-warning"],
  cannot_check: ["question", "tint-info"],
};

export function challengeView(page: LessonPage, screen: Screen): TemplateResult {
  const { words } = page;
  const isOpen = screen.steps.some(({ id }) => page.verdicts.has(id));
  const isDone = page.lesson?.steps.every(isSolved) ?? false;
  return html`
    <h2 tabindex="-1">${words.challenge}</h2>
    <p class="challenge-lead">${words.challengeLead}</p>
    ${
      isOpen
        ? nothing
        : html`<p>
            <vscode-button @click=${() => page.openFile(screen.steps[0]?.id ?? null)}>
              <span slot="content-before">${icon("go-to-file")}</span>${words.openFile}
            </vscode-button>
          </p>`
    }
    <ol class="tasks">
      ${screen.steps.map((step, number) => taskView(page, step, number + 1))}
    </ol>
    ${
      isDone
        ? html`<p class="complete">${icon("pass-filled", "tint-passed")} ${words.lessonDone}</p>`
        : nothing
    }
  `;
}

function taskView(page: LessonPage, step: StepOverview, number: number): TemplateResult {
  const shown = page.pages.get(step.id);
  const verdict = page.verdicts.get(step.id);
  const kind = verdict?.verdict ?? (isSolved(step) ? "correct" : "not_attempted");
  const [name, tint] = VERDICT_ICONS[kind];
  const { words } = page;
  return html`<li class="task ${kind}" id="task-${step.id}" aria-labelledby="title-${step.id}">
    <div class="task-head">
      ${icon(name, tint)}
      <h3 id="title-${step.id}"><span class="kicker">${words.step(number)}</span> ${step.title}</h3>
    </div>
    ${shown === undefined ? nothing : page.prose(shown.html ?? "", true)} ${verdictView(page, step)}
    ${hintsView(page, step.id)} ${actionsView(page, step.id)}
  </li>`;
}

function verdictView(page: LessonPage, step: StepOverview): TemplateResult {
  const { words } = page;
  const verdict = page.verdicts.get(step.id);
  const uri = page.fileUri;
  if (verdict === undefined) {
    if (!isSolved(step)) return html``;
    const solved = step.state === "done_with_help" ? words.solvedWithHelp : words.solvedBefore;
    return html`<p class="task-verdict correct"><strong>${solved}</strong></p>`;
  }
  const { line } = verdict;
  const isSaid = verdict.message !== "" && verdict.verdict !== "correct";
  const isNamed = !isSaid || verdict.verdict !== "not_attempted";
  return html`<p class="task-verdict ${verdict.verdict}">
    ${isNamed ? html`<strong>${words.verdicts[verdict.verdict]}</strong>` : nothing}
    ${isSaid ? html`<span>${inline(verdict.message)}</span>` : nothing}
    ${
      line === null || uri === null
        ? nothing
        : html`<button type="button" class="link" @click=${() => page.reveal(uri, line)}>
            ${words.goToLine(line + 1)}
          </button>`
    }
  </p>`;
}

function hintsView(page: LessonPage, step: string): TemplateResult {
  const shown = page.pages.get(step);
  const hints = shown?.hints ?? [];
  if (shown === undefined || hints.length === 0) return html``;
  return html`<ol class="hints">
    ${hints.map(
      (hint, index) =>
        html`<li>
          <span class="kicker">
            ${icon("lightbulb", "tint-warning")}
            ${page.words.hintNumber(index + 1, shown.hintsTotal ?? hints.length)}
          </span>
          ${page.prose(hint.html)}
        </li>`,
    )}
  </ol>`;
}

function actionsView(page: LessonPage, step: string): TemplateResult {
  const { words } = page;
  const shown = page.pages.get(step);
  const total = shown?.hintsTotal ?? 0;
  const used = shown?.hints?.length ?? 0;
  const notice = page.notices.get(step);
  const isAsked = page.resetting === step;
  const button = (name: string, label: string, act: () => unknown, id = "") =>
    html`<vscode-button secondary id=${id} ?disabled=${!page.isReady} @click=${act}>
      <span slot="content-before">${icon(name)}</span>${label}
    </vscode-button>`;
  return html`
    <div class="actions">
      ${button("check", words.check, () => page.check(step))}
      ${
        used < total
          ? button("lightbulb", used === 0 ? words.hint : words.nextHint(used, total), () =>
              page.hint(step),
            )
          : nothing
      }
      ${button("diff", words.solution, () => page.solution(step))}
      ${button("discard", words.reset, () => page.askReset(step), `reset-${step}`)}
    </div>
    ${
      isAsked
        ? html`<div class="banner" role="group" aria-label=${words.reset}>
            <span>${words.resetQuestion}</span>
            <vscode-button id="reset-yes-${step}" @click=${() => page.reset(step)}>
              ${words.resetYes}
            </vscode-button>
            <vscode-button secondary @click=${() => page.askReset(null)}
              >${words.cancel}</vscode-button
            >
          </div>`
        : nothing
    }
    ${notice === undefined ? nothing : html`<p class="notice">${icon("info")} ${notice}</p>`}
  `;
}
