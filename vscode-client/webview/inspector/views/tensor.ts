/** One tensor: numbers about it, a histogram, a heat map of a slice, a picture, the values. */

import { html, nothing, type TemplateResult } from "lit";
import type { TensorAnswer } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import type { InspectorPage } from "../page";
import { memoryText } from "../rows";
import { cuts, type Slider, starts } from "../slice";
import { heatView, pictureView } from "./canvas";
import { histogramView } from "./histogram";

const COUNT = new Intl.NumberFormat("en", { useGrouping: true });
export const grouped = (count: number): string => COUNT.format(count).replaceAll(",", " ");

export function tensorView(page: InspectorPage): TemplateResult {
  const { tensor, words, saved } = page;
  const row = page.tensors?.rows.find(({ name }) => name === saved.open?.name);
  return html`<article
    class="tensor"
    aria-busy=${tensor === null && page.failure === null ? "true" : "false"}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Escape") page.close();
    }}
  >
    <button type="button" id="back" class="link back" @click=${() => page.close()}>
      ${icon("arrow-left")} ${words.back}
    </button>
    <h1>
      ${
        row?.line == null
          ? saved.open?.name
          : html`<button type="button" class="name" @click=${() => page.reveal(row)}>
              ${saved.open?.name}
            </button>`
      }
      <span class="label">${tensor?.label ?? row?.label}</span>
    </h1>
    ${
      page.failure === null
        ? nothing
        : html`<div class="banner" role="alert">
            ${icon("info", "tint-info")}<span>${page.failure}</span>
          </div>`
    }
    ${
      tensor === null
        ? page.failure === null
          ? html`<p class="aside">${words.loading}</p>`
          : nothing
        : foundView(page, tensor)
    }
  </article>`;
}

function foundView(page: InspectorPage, tensor: TensorAnswer): TemplateResult {
  const { words } = page;
  const reason =
    tensor.reason === null
      ? nothing
      : html`<div class="banner">${icon("info", "tint-info")}<span>${tensor.reason}</span></div>`;
  return html`
    ${flagsView(page, tensor)} ${reason} ${kindView(page, tensor)}
    ${slidersView(page, cuts(tensor, page.choices))}
    ${tensor.image === null ? nothing : pictureView(page, tensor.image)}
    ${tensor.heat === null ? nothing : heatView(page, tensor.heat)}
    ${tensor.histogram === null ? nothing : histogramView(page, tensor.histogram)}
    ${statisticsView(page, tensor)}
    ${tensor.sampled === true ? html`<p class="aside">${words.sampled}</p>` : nothing}
    ${tensor.block === null ? nothing : blockView(page, tensor, tensor.block)}
  `;
}

function flagsView(page: InspectorPage, { statistics }: TensorAnswer): TemplateResult {
  const { words } = page;
  const flags = [
    statistics !== null && statistics.nan > 0 ? words.flaggedNan(grouped(statistics.nan)) : null,
    statistics !== null && statistics.inf > 0 ? words.flaggedInf(grouped(statistics.inf)) : null,
  ].filter((flag) => flag !== null);
  if (flags.length === 0) return html``;
  return html`<p class="flags" role="status">
    ${icon("warning", "tint-warning")} <strong>${flags.join(", ")}</strong>
  </p>`;
}

function kindView({ words }: InspectorPage, { shows }: TensorAnswer): TemplateResult {
  const said = shows === null ? null : words.shows[shows];
  return said === null ? html`` : html`<p class="aside">${said}</p>`;
}

function slidersView(page: InspectorPage, sliders: Slider[]): TemplateResult {
  const { words } = page;
  if (sliders.length === 0) return html``;
  return html`<section class="sliders" aria-label=${words.slice}>
    ${sliders.map(({ dimension, size, value }) => sliderView(page, dimension, size - 1, 1, value))}
  </section>`;
}

function sliderView(
  page: InspectorPage,
  dimension: number,
  last: number,
  step: number,
  value: number,
): TemplateResult {
  const label = page.words.dimension(dimension);
  return html`<label class="slider">
    <span>${label}</span>
    <input
      type="range"
      min="0"
      max=${last}
      step=${step}
      .value=${String(value)}
      @input=${(event: Event) =>
        page.cut(dimension, Number((event.target as HTMLInputElement).value))}
    />
    <output>${value}</output>
  </label>`;
}

function statisticsView(page: InspectorPage, tensor: TensorAnswer): TemplateResult {
  const { words } = page;
  const names = words.statisticNames;
  const { statistics } = tensor;
  const elements = (tensor.shape ?? []).reduce<number | null>(
    (product, size) => (product === null || typeof size === "string" ? null : product * size),
    tensor.shape === null ? null : 1,
  );
  const pairs: [string, string | null][] = [
    [names.min, statistics?.min ?? null],
    [names.max, statistics?.max ?? null],
    [names.mean, statistics?.mean ?? null],
    [names.std, statistics?.std ?? null],
    [names.zeros, statistics === null ? null : grouped(statistics.zeros)],
    [names.trues, statistics?.trues == null ? null : grouped(statistics.trues)],
    [names.nan, statistics === null ? null : grouped(statistics.nan)],
    [names.inf, statistics === null ? null : grouped(statistics.inf)],
    [names.elements, elements === null ? null : grouped(elements)],
    [names.memory, tensor.bytes === null ? null : memoryText(tensor.bytes)],
    [names.strides, tensor.strides === null ? null : `(${tensor.strides.join(", ")})`],
    [names.layout, tensor.layout === "strided" ? null : tensor.layout],
    [names.requiresGrad, tensor.requiresGrad ? names.yes : names.no],
    [names.grad, tensor.grad],
  ];
  const isBad = (name: string) =>
    (name === names.nan && (statistics?.nan ?? 0) > 0) ||
    (name === names.inf && (statistics?.inf ?? 0) > 0);
  return html`<section>
    <h2>${words.statistics}</h2>
    <dl class="statistics">
      ${pairs.map(([name, value]) =>
        value === null
          ? nothing
          : html`<div class=${isBad(name) ? "bad" : ""}>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
      )}
    </dl>
  </section>`;
}

function blockView(
  page: InspectorPage,
  tensor: TensorAnswer,
  block: NonNullable<TensorAnswer["block"]>,
): TemplateResult {
  const { words } = page;
  const columns = block.cells[0]?.length ?? 0;
  const isScalar = tensor.columnAxis === null;
  return html`<section>
    <h2>${words.values}</h2>
    ${starts(tensor).map(({ dimension, size, value }) =>
      sliderView(page, dimension, size - 1, 1, value),
    )}
    <div class="values" tabindex="0" role="region" aria-label=${words.values}>
      <table>
        ${
          isScalar
            ? nothing
            : html`<thead>
                <tr>
                  <td></td>
                  ${Array.from(
                    { length: columns },
                    (_, column) => html`<th scope="col">${block.column + column}</th>`,
                  )}
                </tr>
              </thead>`
        }
        <tbody>
          ${block.cells.map(
            (cells, row) =>
              html`<tr>
                ${
                  tensor.rowAxis === null
                    ? isScalar
                      ? nothing
                      : html`<td></td>`
                    : html`<th scope="row">${block.row + row}</th>`
                }
                ${cells.map(
                  (cell) => html`<td class=${/nan|inf/i.test(cell) ? "bad" : ""}>${cell}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
