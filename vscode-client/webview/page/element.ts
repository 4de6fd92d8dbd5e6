/** The element that a page is drawn in. */

import { html, LitElement, type TemplateResult } from "lit";

/**
 * Draws a template into `<main>`. `requestUpdate` schedules one drawing for all changes of a task.
 * There is no shadow tree: the page's style sheet applies.
 */
export class PageElement extends LitElement {
  /** Returns the page as it is now. */
  template: () => TemplateResult = () => html``;

  /** Draw without waiting, so that an element that has just appeared can be focused. */
  drawNow(): void {
    this.requestUpdate();
    this.performUpdate();
  }

  protected override createRenderRoot(): HTMLElement {
    const main = document.createElement("main");
    this.append(main);
    return main;
  }

  protected override render(): TemplateResult {
    return this.template();
  }
}

customElements.define("tensorhints-page", PageElement);

/** Add the element of a page to the document. */
export function pageElement(): PageElement {
  const element = new PageElement();
  document.body.append(element);
  return element;
}
