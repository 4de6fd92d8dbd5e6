/** The inspector: nothing yet, the table of tensors, or one of them. */

import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../../page/icons";
import type { InspectorPage } from "../page";
import { memoryText } from "../rows";
import { tableView } from "./table";
import { tensorView } from "./tensor";

export function inspectorView(page: InspectorPage): TemplateResult {
  if (page.isOpen) return tensorView(page);
  if (page.tensors === null) return emptyView(page);
  return html`
    <h1 class="unseen">${page.words.tensors}</h1>
    ${toolsView(page)} ${runView(page)} ${tableView(page)} ${totalsView(page)}
  `;
}

function emptyView(page: InspectorPage): TemplateResult {
  const { words, context } = page;
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
    <vscode-button ?disabled=${context?.ready !== true} @click=${() => page.runFile()}>
      <span slot="content-before">${icon("play")}</span>${words.runFile}
    </vscode-button>
  </div>`;
}

function toolsView(page: InspectorPage): TemplateResult {
  const { words, saved, rows, tensors } = page;
  const all = tensors?.rows.length ?? 0;
  return html`<div class="tools" role="search">
    <vscode-textfield
      type="search"
      .value=${saved.filter}
      placeholder=${words.filter}
      label=${words.filter}
      @input=${(event: Event) => page.filter((event.target as HTMLInputElement).value)}
    >
      <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
    </vscode-textfield>
    ${
      page.isRunning
        ? html`<span class="running">
            ${icon("loading", "codicon-modifier-spin")} ${words.running}
          </span>`
        : saved.filter === ""
          ? nothing
          : html`<span class="count">${words.shownOf(rows.length, all)}</span>`
    }
  </div>`;
}

/** Where the program ran, and how much of it the last run did again. */
function runView(page: InspectorPage): TemplateResult {
  const { words } = page;
  const run = page.run?.uri === page.uri ? page.run : null;
  if (run === null || run.deviceText === "") return html``;
  const line = run.resumedLine;
  return html`<p class="run">
    <span>${run.deviceText}</span>
    ${line === null ? nothing : html`<span>${words.resumed(line + 1)}</span>`}
    ${run.whole === null ? nothing : html`<span>${run.whole}</span>`}
  </p>`;
}

function totalsView(page: InspectorPage): TemplateResult {
  const { words, tensors } = page;
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
