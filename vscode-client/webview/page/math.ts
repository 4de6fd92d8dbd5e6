/** Formulas. KaTeX is large and is loaded only by pages with formulas. */

import type katex from "katex";

let loading: Promise<typeof katex> | undefined;

/** `<math-formula>`: shows its `source` as text until KaTeX has rendered it. */
export class Formula extends HTMLElement {
  isDisplay = false;
  private shown = "";

  get source(): string {
    return this.shown;
  }

  set source(source: string) {
    if (source === this.shown) return;
    this.shown = source;
    this.textContent = source;
    void this.draw(source);
  }

  private async draw(source: string): Promise<void> {
    loading ??= import("katex").then((module) => module.default);
    const renderer = await loading;
    if (source !== this.shown) return;
    renderer.render(source, this, {
      displayMode: this.isDisplay,
      output: "htmlAndMathml",
      strict: false,
      throwOnError: false,
      trust: false,
      maxExpand: 100,
      maxSize: 20,
    });
  }
}

if (customElements.get("math-formula") === undefined) {
  customElements.define("math-formula", Formula);
}

export function formula(source: string, isDisplay = false): Formula {
  const element = new Formula();
  element.isDisplay = isDisplay;
  element.classList.toggle("display", isDisplay);
  element.source = source;
  return element;
}
