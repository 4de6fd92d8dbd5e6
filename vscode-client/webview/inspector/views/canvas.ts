/** The heat map of a slice, and a tensor as a picture. */

import { html, noChange, nothing, type TemplateResult } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";
import type { TensorAnswer } from "../../../src/shared/protocol";
import { styled } from "../../page/css";
import type { InspectorView } from "../model";
import { brief } from "../numbers";
import { heatPixels, picturePixels } from "../pixels";

type Heat = NonNullable<TensorAnswer["heat"]>;
type Picture = NonNullable<TensorAnswer["image"]>;

const LARGEST_CELL = 24;

class Painted extends Directive {
  private source: unknown;

  render(_source: object, _pixels: () => ImageData): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [source, pixels]: [object, () => ImageData]): typeof noChange {
    if (source === this.source) return noChange;
    this.source = source;
    const canvas = part.element as HTMLCanvasElement;
    const drawn = pixels();
    canvas.width = drawn.width;
    canvas.height = drawn.height;
    canvas.getContext("2d")?.putImageData(drawn, 0, 0);
    return noChange;
  }
}

const painted = directive(Painted);

export function heatView(view: InspectorView, heat: Heat): TemplateResult {
  const { words } = view.state;
  const rows = heat.values.length;
  const columns = heat.values[0]?.length ?? 0;
  const low = heat.min === null ? "" : brief(heat.min);
  const high = heat.max === null ? "" : brief(heat.max);
  const label = words.heatMapSummary(rows * heat.rowStep, columns * heat.columnStep, low, high);
  return html`<section>
    <h2>${words.heatMap}</h2>
    <canvas
      class="pixels"
      role="img"
      aria-label=${label}
      ${painted(heat, () => heatPixels(heat))}
      ${styled(sizeOf(columns, rows))}
      @pointermove=${(event: PointerEvent) => {
        (event.target as HTMLElement).title = pointedAt(event, heat);
      }}
    ></canvas>
    <div class="scale" aria-hidden="true"></div>
    <div class="ends"><span>${low}</span><span>${high}</span></div>
    ${
      heat.rowStep * heat.columnStep > 1
        ? html`<p class="aside">${words.cellMeans(heat.rowStep, heat.columnStep)}</p>`
        : nothing
    }
  </section>`;
}

export function pictureView(view: InspectorView, picture: Picture): TemplateResult {
  const { words } = view.state;
  const { width, height } = picture;
  return html`<section>
    <h2>${words.image}</h2>
    <canvas
      class="pixels picture"
      role="img"
      aria-label="${words.image}, ${height} × ${width}"
      ${painted(picture, () => picturePixels(picture))}
      ${styled(sizeOf(width, height))}
    ></canvas>
    <div class="ends"><span>${brief(picture.low)}</span><span>${brief(picture.high)}</span></div>
  </section>`;
}

/** Cells are square, except in a single long row or column, which would be a thin line. */
function sizeOf(columns: number, rows: number): Partial<CSSStyleDeclaration> {
  const isThin = columns > 24 * rows || rows > 24 * columns;
  return {
    width: `min(100%, ${columns * LARGEST_CELL}px)`,
    aspectRatio: isThin ? "auto" : `${columns} / ${rows}`,
    height: isThin ? (rows > columns ? "240px" : "24px") : "auto",
  };
}

function pointedAt(event: PointerEvent, heat: Heat): string {
  const canvas = event.target as HTMLCanvasElement;
  const column = Math.floor((event.offsetX / canvas.clientWidth) * canvas.width);
  const row = Math.floor((event.offsetY / canvas.clientHeight) * canvas.height);
  const value = heat.values[row]?.[column];
  if (value === undefined) return "";
  const place = `[${row * heat.rowStep}, ${column * heat.columnStep}]`;
  return `${place}: ${typeof value === "number" ? brief(value) : value}`;
}
