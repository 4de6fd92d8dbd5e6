/** Codicons: VS Code's own icons, always beside a text or a label, and silent for screen readers. */

import { html, type TemplateResult } from "lit";

export function icon(name: string, tint = ""): TemplateResult {
  return html`<span class="codicon codicon-${name} ${tint}" aria-hidden="true"></span>`;
}

/**
 * The components draw icons in trees of their own, and look the style sheet up by this id. It lies
 * beside the script of the page, whose address this is.
 */
export function useIcons(page: string): void {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.id = "vscode-codicon-stylesheet";
  link.href = new URL("./codicon.css", page).href;
  document.head.append(link);
}
