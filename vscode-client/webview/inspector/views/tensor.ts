/** One tensor: statistics, histogram, heat map of a slice, picture, values. */

import { html, nothing, type TemplateResult } from "lit";
import type { TensorAnswer } from "../../../src/shared/protocol";
import { icon } from "../../page/icons";
import type { InspectorView } from "../model";
import { grouped } from "../numbers";
import { memoryText } from "../rows";
import { cuts, type Slider, starts } from "../slice";
import { heatView, pictureView } from "./canvas";
import { histogramView } from "./histogram";

export function tensorView(view: InspectorView): TemplateResult {
  const { tensor, words, saved } = view.state;
  const row = view.state.tensors?.rows.find(({ name }) => name === saved.open?.name);
  return html`<article
    class="tensor"
    aria-busy=${tensor === null && view.state.failure === null ? "true" : "false"}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Escape") view.actions.close();
    }}
  >
    <button type="button" id="back" class="link back" @click=${() => view.actions.close()}>
      ${icon("arrow-left")} ${words.back}
    </button>
    <h1>
      ${
        row?.line == null
          ? saved.open?.name
          : html`<button type="button" class="name" @click=${() => view.actions.reveal(row)}>
              ${saved.open?.name}
            </button>`
      }
      <span class="label">${tensor?.label ?? row?.label}</span>
    </h1>
    ${
      view.state.failure === null
        ? nothing
        : html`<div class="banner" role="alert">
            ${icon("info", "tint-info")}<span>${view.state.failure}</span>
          </div>`
    }
    ${
      tensor === null
        ? view.state.failure === null
          ? html`<p class="aside">${words.loading}</p>`
          : nothing
        : foundView(view, tensor)
    }
  </article>`;
}

function foundView(view: InspectorView, tensor: TensorAnswer): TemplateResult {
  const { words } = view.state;
  const reason =
    tensor.reason === null
      ? nothing
      : html`<div class="banner">${icon("info", "tint-info")}<span>${tensor.reason}</span></div>`;
  return html`
    ${flagsView(view, tensor)} ${reason} ${kindView(view, tensor)}
    ${slidersView(view, cuts(tensor, view.state.choices))}
    ${tensor.image === null ? nothing : pictureView(view, tensor.image)}
    ${tensor.heat === null ? nothing : heatView(view, tensor.heat)}
    ${tensor.histogram === null ? nothing : histogramView(view, tensor.histogram)}
    ${statisticsView(view, tensor)}
    ${tensor.sampled === true ? html`<p class="aside">${words.sampled}</p>` : nothing}
    ${tensor.block === null ? nothing : blockView(view, tensor, tensor.block)}
  `;
}

function flagsView(view: InspectorView, { statistics }: TensorAnswer): TemplateResult {
  const { words } = view.state;
  const flags = [
    statistics !== null && statistics.nan > 0 ? words.flaggedNan(grouped(statistics.nan)) : null,
    statistics !== null && statistics.inf > 0 ? words.flaggedInf(grouped(statistics.inf)) : null,
  ].filter((flag) => flag !== null);
  if (flags.length === 0) return html``;
  return html`<p class="flags" role="status">
    ${icon("warning", "tint-warning")} <strong>${flags.join(", ")}</strong>
  </p>`;
}

function kindView({ state: { words } }: InspectorView, { shows }: TensorAnswer): TemplateResult {
  const note = shows === null ? null : words.shows[shows];
  return note === null ? html`` : html`<p class="aside">${note}</p>`;
}

function slidersView(view: InspectorView, sliders: Slider[]): TemplateResult {
  const { words } = view.state;
  if (sliders.length === 0) return html``;
  return html`<section class="sliders" aria-label=${words.slice}>
    ${sliders.map(({ dimension, size, value }) => sliderView(view, dimension, size - 1, 1, value))}
  </section>`;
}

function sliderView(
  view: InspectorView,
  dimension: number,
  last: number,
  step: number,
  value: number,
): TemplateResult {
  const label = view.state.words.dimension(dimension);
  return html`<label class="slider">
    <span>${label}</span>
    <input
      type="range"
      min="0"
      max=${last}
      step=${step}
      .value=${String(value)}
      @input=${(event: Event) =>
        view.actions.cut(dimension, Number((event.target as HTMLInputElement).value))}
    />
    <output>${value}</output>
  </label>`;
}

function statisticsView(view: InspectorView, tensor: TensorAnswer): TemplateResult {
  const { words } = view.state;
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
  view: InspectorView,
  tensor: TensorAnswer,
  block: NonNullable<TensorAnswer["block"]>,
): TemplateResult {
  const { words } = view.state;
  const columns = block.cells[0]?.length ?? 0;
  const isScalar = tensor.columnAxis === null;
  return html`<section>
    <h2>${words.values}</h2>
    ${starts(tensor).map(({ dimension, size, value }) =>
      sliderView(view, dimension, size - 1, 1, value),
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
