/** The inspector: a welcome, the table of tensors, or one tensor. */

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../../page/icons";
import type { InspectorView } from "../model";
import { memoryText } from "../rows";
import { tableView } from "./table";
import { tensorView } from "./tensor";

export function inspectorView(view: InspectorView): TemplateResult {
  if (view.state.isOpen) return tensorView(view);
  if (view.state.tensors === null) return emptyView(view);
  return html`
    <h1 class="unseen">${view.state.words.tensors}</h1>
    ${toolsView(view)} ${runView(view)} ${tableView(view)} ${totalsView(view)}
  `;
}

function emptyView(view: InspectorView): TemplateResult {
  const { words, context } = view.state;
  if (context?.trusted === false) {
    return html`<div class="waiting">
      ${icon("shield")}
      <h1>${words.notTrusted}</h1>
    </div>`;
  }
  return html`<div class="waiting">
    ${icon("symbol-array")}
    <h1>${words.runToInspect}</h1>
    <p>${words.runToInspectMore}</p>
    <vscode-button ?disabled=${context?.ready !== true} @click=${() => view.actions.runFile()}>
      <span slot="content-before">${icon("play")}</span>${words.runFile}
    </vscode-button>
  </div>`;
}

function toolsView(view: InspectorView): TemplateResult {
  const { words, saved, rows, tensors } = view.state;
  const all = tensors?.rows.length ?? 0;
  return html`<div class="tools" role="search">
    <vscode-textfield
      type="search"
      .value=${saved.filter}
      placeholder=${words.filter}
      label=${words.filter}
      @input=${(event: Event) => view.actions.filter((event.target as HTMLInputElement).value)}
    >
      <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
    </vscode-textfield>
    ${
      view.state.isRunning
        ? html`<span class="running">
            ${icon("loading", "codicon-modifier-spin")} ${words.running}
          </span>`
        : saved.filter === ""
          ? nothing
          : html`<span class="count">${words.shownOf(rows.length, all)}</span>`
    }
  </div>`;
}

/** The device of the last run, and how much of the program it ran. */
function runView(view: InspectorView): TemplateResult {
  const { words } = view.state;
  const run = view.state.run?.uri === view.state.uri ? view.state.run : null;
  if (run === null || run.deviceText === "") return html``;
  const line = run.resumedLine;
  return html`<p class="run">
    <span>${run.deviceText}</span>
    ${line === null ? nothing : html`<span>${words.resumed(line + 1, run.resumedCell)}</span>`}
    ${run.whole === null ? nothing : html`<span>${run.whole}</span>`}
  </p>`;
}

function totalsView(view: InspectorView): TemplateResult {
  const { words, tensors } = view.state;
  const totals = Object.entries(tensors?.totals ?? {});
  if (totals.length === 0) return html``;
  return html`<footer class="totals" aria-label=${words.totals}>
    ${totals.map(
      ([device, { tensors: held, bytes }]) =>
        html`<span class="total">
          <strong>${device}</strong> ${words.tensorCount(held)} · ${memoryText(bytes)}
        </span>`,
    )}
  </footer>`;
}
