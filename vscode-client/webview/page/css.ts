/** Computed styles: set on the element, since the page's policy forbids styles in markup. */

import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

class Styled extends Directive {
  render(_styles: Partial<CSSStyleDeclaration>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Partial<CSSStyleDeclaration>]): typeof noChange {
    Object.assign((part.element as HTMLElement).style, styles);
    return noChange;
  }
}

export const styled = directive(Styled);
