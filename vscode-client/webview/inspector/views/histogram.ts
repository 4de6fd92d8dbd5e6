/** How the numbers are spread: one bar a bin, each with its words. */

import { html, svg, type TemplateResult } from "lit";
import type { TensorAnswer } from "../../../src/shared/protocol";
import { brief } from "../numbers";
import type { InspectorPage } from "../page";
import { grouped } from "./tensor";

const HEIGHT = 100;

export function histogramView(
  page: InspectorPage,
  { edges, counts }: NonNullable<TensorAnswer["histogram"]>,
): TemplateResult {
  const { words } = page;
  const highest = Math.max(1, ...counts);
  const low = brief(edges[0] ?? 0);
  const high = brief(edges.at(-1) ?? 0);
  const bars = counts.map((count, bin) => {
    // A bin with one number in it is seen, however many the highest has.
    const height = count === 0 ? 0 : Math.max(1.5, (count / highest) * HEIGHT);
    const said = words.bin(brief(edges[bin] ?? 0), brief(edges[bin + 1] ?? 0), grouped(count));
    return svg`<g><title>${said}</title>
      <rect class="bin" x=${bin} y="0" width="1" height=${HEIGHT}></rect>
      <rect class="bar" x=${bin + 0.06} y=${HEIGHT - height} width="0.88" height=${height}></rect>
    </g>`;
  });
  return html`<section>
    <h2>${words.histogram}</h2>
    <svg
      class="histogram"
      role="img"
      aria-label=${words.histogramSummary(counts.length, low, high)}
      viewBox="0 0 ${counts.length} ${HEIGHT}"
      preserveAspectRatio="none"
    >
      ${bars}
    </svg>
    <div class="ends"><span>${low}</span><span>${high}</span></div>
  </section>`;
}
