/** Inline Markdown of the server: `code`, **strong**, *emphasis* and $math$. */

import { html, type TemplateResult } from "lit";
import "./math";

const MARKS = /(`+)(.+?)\1(?!`)|\*\*(?=\S)(.+?)\*\*|\*(?=\S)(.+?)\*|\$(?=\S)([^$\n]*\S)\$(?!\d)/;

export function inline(text: string): (TemplateResult | string)[] {
  const found = MARKS.exec(text);
  if (found === null) return [text];
  const [all, , code, strong, emphasis, math = ""] = found;
  return [
    text.slice(0, found.index),
    code !== undefined
      ? html`<code>${code}</code>`
      : strong !== undefined
        ? html`<strong>${inline(strong)}</strong>`
        : emphasis !== undefined
          ? html`<em>${inline(emphasis)}</em>`
          : html`<math-formula .source=${math}></math-formula>`,
    ...inline(text.slice(found.index + all.length)),
  ];
}

/** The text without its marks, for screen readers. */
export function plain(text: string): string {
  return text.replace(/`+|\*\*/g, "");
}
