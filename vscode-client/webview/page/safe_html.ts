/**
 * Sanitises the server's HTML again, since lessons may come from a user's folder. Links lead to the
 * web only, pictures are data, and there are no inline styles, which the page's policy would refuse.
 */

import DOMPurify from "dompurify";

const TAGS =
  `a abbr b blockquote br code del dd dl dt em h3 h4 h5 h6 hr i img kbd li ol p pre s span
  strong sub sup table tbody td th thead tr ul`.split(/\s+/);
const DRAWING_TAGS =
  `svg title desc g defs path rect circle ellipse line polyline polygon text tspan
  marker linearGradient radialGradient stop clipPath symbol pattern mask`.split(/\s+/);
const ATTRIBUTES =
  `alt aria-describedby aria-hidden aria-label aria-labelledby class colspan href id
  role rowspan src start title`.split(/\s+/);
const DRAWING_ATTRIBUTES = `alignment-baseline baseline-shift clip-path color cx cy d
  dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size font-style font-weight
  gradientTransform gradientUnits height lengthAdjust letter-spacing marker-end marker-mid
  marker-start markerHeight markerUnits markerWidth mask offset opacity orient paint-order
  patternTransform patternUnits points preserveAspectRatio r refX refY rotate rx ry stop-color
  stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
  stroke-opacity stroke-width text-anchor textLength transform vector-effect viewBox width x x1 x2 y
  y1 y2 writing-mode xmlns`.split(/\s+/);

const LINK = /^https?:\/\//i;
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;

/** Return the HTML as a fragment without anything that the lists above do not allow. */
export function safeHtml(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(withoutInlineCode(html), {
    ALLOWED_TAGS: [...TAGS, ...DRAWING_TAGS],
    ALLOWED_ATTR: [...ATTRIBUTES, ...DRAWING_ATTRIBUTES],
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const element of fragment.querySelectorAll("[href], [src]")) {
    if (!LINK.test(element.getAttribute("href") ?? "")) element.removeAttribute("href");
    if (!PICTURE.test(element.getAttribute("src") ?? "")) element.removeAttribute("src");
  }
  return fragment;
}

/** A start tag; in it an attribute's value, or the name of one that holds code or style. */
const START_TAG = /<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const VALUE_OR_NAME = /=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)|(?<=[\s/"'])(on[a-z]+|style)(?=\s*=)/gi;

/**
 * Remove styles and event handlers from the text. The sanitiser would drop them as well, but
 * Chromium reports each of them to the page's policy as soon as any parser reads it, even one whose
 * document is never shown. The alignment of a table's cell becomes a class.
 */
function withoutInlineCode(html: string): string {
  const template = document.createElement("template");
  template.innerHTML = html.replace(START_TAG, (tag) =>
    tag.replace(VALUE_OR_NAME, (found: string, name?: string) =>
      name === undefined ? found : `data-${name}`,
    ),
  );
  for (const style of template.content.querySelectorAll("style")) style.remove();
  for (const element of template.content.querySelectorAll("[data-style]")) {
    const style = element.getAttribute("data-style") ?? "";
    const side = /text-align:\s*(left|center|right)/.exec(style)?.[1];
    if (side !== undefined) element.classList.add(`align-${side}`);
  }
  return template.innerHTML;
}
