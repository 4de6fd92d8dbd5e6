/** The histogram: one bar for each bin, each with its text. */

import { html, svg, type TemplateResult } from "lit";
import type { TensorAnswer } from "../../../src/shared/protocol";
import type { InspectorView } from "../model";
import { brief, grouped } from "../numbers";

const HEIGHT = 100;

export function histogramView(
  view: InspectorView,
  { edges, counts }: NonNullable<TensorAnswer["histogram"]>,
): TemplateResult {
  const { words } = view.state;
  const highest = Math.max(1, ...counts);
  const low = brief(edges[0] ?? 0);
  const high = brief(edges.at(-1) ?? 0);
  const bars = counts.map((count, bin) => {
    // A bin with a single number stays visible beside the highest bar.
    const height = count === 0 ? 0 : Math.max(1.5, (count / highest) * HEIGHT);
    const label = words.bin(brief(edges[bin] ?? 0), brief(edges[bin + 1] ?? 0), grouped(count));
    return svg`<g><title>${label}</title>
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
