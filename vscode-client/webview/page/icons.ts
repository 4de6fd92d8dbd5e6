/** Codicons, the icons of VS Code: beside a text or a label, and hidden from screen readers. */

import { html, type TemplateResult } from "lit";

export function icon(name: string, tint = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${tint}" aria-hidden="true"></span>`;
}

/**
 * Add the style sheet of the icons. Components draw icons in their shadow trees and look the sheet up
 * by this id. It is beside the page's script, whose address is `page`.
 */
export function useIcons(page: string): void {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.id = "vscode-codicon-stylesheet";
  link.href = new URL("./codicon.css", page).href;
  document.head.append(link);
}
