/** A question: its choices, the verdict, the explanation and the proof. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { LessonAnswer, ProofData } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import type { LessonView } from "../model";
import type { Quiz } from "../quiz";

type Choice = NonNullable<LessonAnswer["choices"]>[number];

const ARROWS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

export function quizView(view: LessonView, shown: LessonAnswer): TemplateResult {
  const step = shown.step ?? "";
  const quiz = view.state.quiz(step);
  const { words } = view.state;
  let movesByArrow = false;
  const onKey = (event: KeyboardEvent) => {
    movesByArrow = ARROWS.has(event.key);
    if (event.key === "Enter" || event.key === " ") {
      const { value } = event.target as HTMLInputElement;
      event.preventDefault();
      if (quiz.answer?.choice !== value) void view.actions.judge(step, value);
    }
  };
  const onChange = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (movesByArrow) view.actions.choose(step, value);
    else void view.actions.judge(step, value);
  };
  return html`
    <fieldset class="quiz" ?disabled=${!view.state.isReady} @keydown=${onKey} @change=${onChange}>
      <legend class="unseen">${words.answers}</legend>
      ${(shown.choices ?? []).map((choice) => {
        const verdict = verdictOf(quiz, choice);
        return html`<label class="choice ${quiz.choice === choice.id ? (verdict ?? "") : ""}">
          <input
            type="radio"
            name="choice-${step}"
            value=${choice.id}
            .checked=${live(quiz.choice === choice.id)}
          />
          <span class="choice-text">${view.prose(`<p>${choice.html}</p>`)}</span>
          ${
            verdict === "right"
              ? html`<span class="unseen">${words.right}</span
                  >${icon("pass-filled", "tint-passed")}`
              : verdict === "wrong"
                ? html`<span class="unseen">${words.wrong}</span>${icon("error", "tint-failed")}`
                : quiz.isJudging && quiz.choice === choice.id
                  ? icon("loading", "codicon-modifier-spin")
                  : nothing
          }
        </label>`;
      })}
    </fieldset>
    ${answerView(view, step, quiz)}
  `;
}

/** The verdict on a choice, from this attempt or an earlier one; null without one. */
function verdictOf(quiz: Quiz, choice: Choice): "right" | "wrong" | null {
  const wasRight = quiz.answer?.choice === choice.id ? quiz.answer.correct : choice.tried;
  if (wasRight === null || (quiz.isJudging && quiz.choice === choice.id)) return null;
  return wasRight ? "right" : "wrong";
}

function answerView(view: LessonView, step: string, quiz: Quiz): TemplateResult {
  const { words } = view.state;
  if (quiz.failure !== null) {
    return html`<div class="banner" role="alert">
      ${icon("error", "tint-failed")}<span>${quiz.failure}</span>
    </div>`;
  }
  if (quiz.isJudging) return html`<p class="aside">${words.checking}</p>`;
  const { answer } = quiz;
  if (answer === null) return html`<p class="aside">${words.chooseAnswer}</p>`;
  return html`<section class="verdict ${answer.correct ? "right" : "wrong"}">
    <h3>
      ${answer.correct ? icon("pass-filled", "tint-passed") : icon("error", "tint-failed")}
      ${answer.correct ? words.right : words.wrong}
    </h3>
    ${view.prose(answer.html)}
    <div class="actions">
      ${
        answer.proof === null
          ? nothing
          : html`<vscode-button
              secondary
              aria-expanded=${quiz.showsProof ? "true" : "false"}
              @click=${() => view.actions.toggleProof(step)}
            >
              <span slot="content-before">${icon("beaker")}</span>
              ${quiz.showsProof ? words.hideProof : words.proveIt}
            </vscode-button>`
      }
      <vscode-button secondary @click=${() => view.actions.resetQuiz(step)}>
        <span slot="content-before">${icon("refresh")}</span>${words.tryAgain}
      </vscode-button>
    </div>
    ${answer.proof !== null && quiz.showsProof ? proofView(view, answer.proof) : nothing}
  </section>`;
}

function proofView(view: LessonView, proof: ProofData): TemplateResult {
  const { words } = view.state;
  const isError = proof.error !== null;
  const output = proof.error ?? (proof.output === "" ? words.noOutput : proof.output);
  return html`<dl class="proof">
    <dt>${words.proofCode}</dt>
    <dd>
      <pre tabindex="0"><code>${proof.code}</code></pre>
    </dd>
    <dt>${isError ? words.proofError : words.proofOutput}</dt>
    <dd>
      <pre tabindex="0" class=${isError ? "failed" : ""}><code>${output}</code></pre>
    </dd>
  </dl>`;
}
