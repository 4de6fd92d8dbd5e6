/** A lesson's text as the page shows it: sanitised, with formulas and with buttons for programs. */

import { html, render } from "lit";
import { icon } from "./icons";
import { formula } from "./math";
import { coloured } from "./python";
import { safeHtml } from "./safe_html";

export interface ProgramActions {
  insertLabel: string;
  runLabel: string;
  insert(code: string): void;
  /** Null if nothing may run. */
  run: ((code: string) => void) | null;
}

/** Keeps the elements that were made: an element that is drawn again must be the same one. */
export class ProseCache {
  private readonly elements = new Map<string, HTMLElement>();

  element(source: string, locale: string, actions: ProgramActions | null): HTMLElement {
    const buttons = actions === null ? "none" : actions.run === null ? "insert" : "run";
    const key = `${locale} ${buttons} ${source}`;
    let element = this.elements.get(key);
    if (element === undefined) {
      element = prose(source, actions);
      this.elements.set(key, element);
    }
    return element;
  }

  clear(): void {
    this.elements.clear();
  }
}

/** Make an element from the server's HTML. With `actions`, each Python program gets its buttons. */
export function prose(source: string, actions: ProgramActions | null = null): HTMLElement {
  const element = document.createElement("div");
  element.className = "prose";
  element.append(safeHtml(source));
  for (const math of element.querySelectorAll("span.math")) {
    math.replaceWith(formula(math.textContent ?? "", math.classList.contains("display")));
  }
  for (const block of element.querySelectorAll("pre")) wrapProgram(block, actions);
  for (const table of element.querySelectorAll("table")) wrapTable(table);
  for (const link of element.querySelectorAll("a")) link.rel = "noreferrer";
  return element;
}

function wrapProgram(block: HTMLElement, actions: ProgramActions | null): void {
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

function wrapTable(table: HTMLElement): void {
  const scroller = document.createElement("div");
  scroller.className = "scroller";
  scroller.tabIndex = 0;
  table.replaceWith(scroller);
  scroller.append(table);
}
