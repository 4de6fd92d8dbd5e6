/** A lesson's text as the page shows it: harmless, with formulas drawn and programs that can be used. */

import { html, render } from "lit";
import { icon } from "./icons";
import { formula } from "./math";
import { coloured } from "./python";
import { safeHtml } from "./safe_html";

export interface ProgramActions {
  insertLabel: string;
  runLabel: string;
  insert(code: string): void;
  /** Null where nothing may run. */
  run: ((code: string) => void) | null;
}

/** A new element. With `actions`, each block of code gets its buttons. */
export function prose(source: string, actions: ProgramActions | null = null): HTMLElement {
  const element = document.createElement("div");
  element.className = "prose";
  element.append(safeHtml(source));
  for (const math of element.querySelectorAll("span.math")) {
    math.replaceWith(formula(math.textContent ?? "", math.classList.contains("display")));
  }
  for (const block of element.querySelectorAll("pre")) asProgram(block, actions);
  for (const table of element.querySelectorAll("table")) inScroller(table);
  for (const link of element.querySelectorAll("a")) link.rel = "noreferrer";
  return element;
}

function asProgram(block: HTMLElement, actions: ProgramActions | null): void {
  const code = (block.textContent ?? "").replace(/\n$/, "");
  const isPython = block.querySelector("code.language-python, code.language-py") !== null;
  const program = document.createElement("div");
  program.className = "program";
  block.replaceWith(program);
  block.tabIndex = 0;
  if (isPython) block.firstElementChild?.replaceChildren(coloured(code));
  program.append(block);
  if (!isPython || actions === null) return;
  const bar = document.createElement("div");
  bar.className = "program-actions";
  program.append(bar);
  const { run } = actions;
  render(
    html`
      <vscode-button secondary @click=${() => actions.insert(code)}>
        <span slot="content-before">${icon("insert")}</span>${actions.insertLabel}
      </vscode-button>
      ${
        run === null
          ? null
          : html`<vscode-button secondary @click=${() => run(code)}>
              <span slot="content-before">${icon("play")}</span>${actions.runLabel}
            </vscode-button>`
      }
    `,
    bar,
  );
}

function inScroller(table: HTMLElement): void {
  const scroller = document.createElement("div");
  scroller.className = "scroller";
  scroller.tabIndex = 0;
  table.replaceWith(scroller);
  scroller.append(table);
}
