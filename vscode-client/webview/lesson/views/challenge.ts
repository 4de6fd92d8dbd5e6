/** The steps of a challenge, each with its verdict, its hints and its buttons. */

import { html, nothing, type TemplateResult } from "lit";
import type { StepOverview, Verdict } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import { inline } from "../../page/inline";
import type { LessonView } from "../model";
import { isSolved, type Screen } from "../screens";

const VERDICT_ICONS: Record<Verdict, [icon: string, tint: string]> = {
  not_attempted: ["circle-large", "tint-quiet"],
  incorrect: ["error", "tint-failed"],
  correct: ["pass-filled", "tint-passed"],
  error_in_your_code: ["bug", "tint-warning"],
  cannot_check: ["question", "tint-info"],
};

export function challengeView(view: LessonView, screen: Screen): TemplateResult {
  const { words } = view.state;
  const isOpen = screen.steps.some(({ id }) => view.state.verdicts.has(id));
  const isDone = view.state.lesson?.steps.every(isSolved) ?? false;
  return html`
    <h2 tabindex="-1">${words.challenge}</h2>
    <p class="challenge-lead">${words.challengeLead}</p>
    ${
      isOpen
        ? nothing
        : html`<p>
            <vscode-button @click=${() => view.actions.openFile(screen.steps[0]?.id ?? null)}>
              <span slot="content-before">${icon("go-to-file")}</span>${words.openFile}
            </vscode-button>
          </p>`
    }
    <ol class="tasks">
      ${screen.steps.map((step, number) => taskView(view, step, number + 1))}
    </ol>
    ${
      isDone
        ? html`<p class="complete">${icon("pass-filled", "tint-passed")} ${words.lessonDone}</p>`
        : nothing
    }
  `;
}

function taskView(view: LessonView, step: StepOverview, number: number): TemplateResult {
  const shown = view.state.pages.get(step.id);
  const verdict = view.state.verdicts.get(step.id);
  const kind = verdict?.verdict ?? (isSolved(step) ? "correct" : "not_attempted");
  const [name, tint] = VERDICT_ICONS[kind];
  const { words } = view.state;
  return html`<li class="task ${kind}" id="task-${step.id}" aria-labelledby="title-${step.id}">
    <div class="task-head">
      ${icon(name, tint)}
      <h3 id="title-${step.id}"><span class="kicker">${words.step(number)}</span> ${step.title}</h3>
    </div>
    ${shown === undefined ? nothing : view.prose(shown.html ?? "", true)} ${verdictView(view, step)}
    ${hintsView(view, step.id)} ${actionsView(view, step.id)}
  </li>`;
}

function verdictView(view: LessonView, step: StepOverview): TemplateResult {
  const { words } = view.state;
  const verdict = view.state.verdicts.get(step.id);
  const uri = view.state.fileUri;
  if (verdict === undefined) {
    if (!isSolved(step)) return html``;
    const solved = step.state === "done_with_help" ? words.solvedWithHelp : words.solvedBefore;
    return html`<p class="task-verdict correct"><strong>${solved}</strong></p>`;
  }
  const { line } = verdict;
  const hasMessage = verdict.message !== "" && verdict.verdict !== "correct";
  const hasVerdict = !hasMessage || verdict.verdict !== "not_attempted";
  return html`<p class="task-verdict ${verdict.verdict}">
    ${hasVerdict ? html`<strong>${words.verdicts[verdict.verdict]}</strong>` : nothing}
    ${hasMessage ? html`<span>${inline(verdict.message)}</span>` : nothing}
    ${
      line === null || uri === null
        ? nothing
        : html`<button type="button" class="link" @click=${() => view.actions.reveal(uri, line)}>
            ${words.goToLine(line + 1)}
          </button>`
    }
  </p>`;
}

function hintsView(view: LessonView, step: string): TemplateResult {
  const shown = view.state.pages.get(step);
  const hints = shown?.hints ?? [];
  if (shown === undefined || hints.length === 0) return html``;
  return html`<ol class="hints">
    ${hints.map(
      (hint, index) =>
        html`<li>
          <span class="kicker">
            ${icon("lightbulb", "tint-warning")}
            ${view.state.words.hintNumber(index + 1, shown.hintsTotal ?? hints.length)}
          </span>
          ${view.prose(hint.html)}
        </li>`,
    )}
  </ol>`;
}

function actionsView(view: LessonView, step: string): TemplateResult {
  const { words } = view.state;
  const shown = view.state.pages.get(step);
  const total = shown?.hintsTotal ?? 0;
  const used = shown?.hints?.length ?? 0;
  const message = view.state.messages.get(step);
  const isResetting = view.state.resetting === step;
  const button = (name: string, label: string, action: () => unknown, id = "") =>
    html`<vscode-button secondary id=${id} ?disabled=${!view.state.isReady} @click=${action}>
      <span slot="content-before">${icon(name)}</span>${label}
    </vscode-button>`;
  return html`
    <div class="actions">
      ${button("check", words.check, () => view.actions.check(step))}
      ${
        used < total
          ? button("lightbulb", used === 0 ? words.hint : words.nextHint(used, total), () =>
              view.actions.showHint(step),
            )
          : nothing
      }
      ${button("diff", words.solution, () => view.actions.showSolution(step))}
      ${button("discard", words.reset, () => view.actions.confirmReset(step), `reset-${step}`)}
    </div>
    ${
      isResetting
        ? html`<div class="banner" role="group" aria-label=${words.reset}>
            <span>${words.resetQuestion}</span>
            <vscode-button id="reset-yes-${step}" @click=${() => view.actions.reset(step)}>
              ${words.resetYes}
            </vscode-button>
            <vscode-button secondary @click=${() => view.actions.confirmReset(null)}
              >${words.cancel}</vscode-button
            >
          </div>`
        : nothing
    }
    ${message === undefined ? nothing : html`<p class="notice">${icon("info")} ${message}</p>`}
  `;
}
