/** The table of tensors. Only the visible rows are part of the page. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { TensorRow } from "../../../src/shared/protocol";
import { styled } from "../../page/css";
import { icon } from "../../page/icons";
import type { InspectorView } from "../model";
import { type Column, COLUMNS, memoryText, shapeText } from "../rows";
import { ROW_HEIGHT } from "../virtual";

export function tableView(view: InspectorView): TemplateResult {
  const { words, rows, visible } = view.state;
  const shown = rows.slice(visible.first, visible.end);
  return html`
    <p id="row-help" class="unseen">${words.rowHelp}</p>
    <div
      class="table"
      role="grid"
      tabindex="0"
      aria-label=${words.tensors}
      aria-describedby="row-help"
      aria-rowcount=${rows.length + 1}
      aria-activedescendant=${rows.length === 0 ? nothing : `row-${view.state.active}`}
      @scroll=${() => view.actions.scrolled()}
      @keydown=${(event: KeyboardEvent) => onKey(view, event)}
    >
      <div class="head" role="rowgroup">
        <div class="row" role="row" aria-rowindex="1">
          ${COLUMNS.map((column) => headView(view, column))}
          <span class="cell open" role="columnheader">
            <span class="unseen">${words.statistics}</span>
          </span>
        </div>
      </div>
      <div class="body" role="rowgroup" ${styled({ height: `${rows.length * ROW_HEIGHT}px` })}>
        ${repeat(
          shown,
          (row) => row.name,
          (row, place) => rowView(view, row, visible.first + place),
        )}
      </div>
      ${
        rows.length > 0
          ? nothing
          : html`<p class="none">
              ${view.state.saved.filter === "" ? words.noTensors : words.noMatches}
            </p>`
      }
    </div>
  `;
}

function headView(view: InspectorView, column: Column): TemplateResult {
  const { words, saved } = view.state;
  const isSorted = saved.sort?.column === column;
  const isDescending = isSorted && saved.sort?.isDescending === true;
  const label = column === "requiresGrad" ? words.requiresGrad : words.columns[column];
  return html`<span
    class="cell ${column}"
    role="columnheader"
    aria-sort=${isSorted ? (isDescending ? "descending" : "ascending") : "none"}
  >
    <button
      type="button"
      title=${label}
      aria-label=${label}
      @click=${() => view.actions.sort(column)}
    >
      ${words.columns[column]}${isSorted ? icon(isDescending ? "arrow-down" : "arrow-up") : nothing}
    </button>
  </span>`;
}

function rowView(view: InspectorView, row: TensorRow, place: number): TemplateResult {
  const { words } = view.state;
  const isActive = place === view.state.active;
  const gone = row.alive === false ? words.gone : null;
  const title = [`${row.name}: ${row.label}`, gone].filter(Boolean).join(", ");
  return html`<div
    id="row-${place}"
    class="row ${isActive ? "active" : ""} ${gone === null ? "" : "gone"}"
    role="row"
    aria-rowindex=${place + 2}
    aria-selected=${isActive ? "true" : "false"}
    title=${title}
    ${styled({ transform: `translateY(${place * ROW_HEIGHT}px)` })}
    @click=${() => {
      view.actions.activate(place);
      view.actions.reveal(row);
    }}
    @dblclick=${() => view.actions.open(row.name)}
  >
    <span class="cell name" role="gridcell">${row.name}</span>
    <span class="cell shape" role="gridcell">${shapeText(row)}</span>
    <span class="cell dtype" role="gridcell">${row.dtype}</span>
    <span class="cell device" role="gridcell">${row.device ?? ""}</span>
    <span class="cell requiresGrad" role="gridcell">
      ${
        row.requiresGrad
          ? html`<span aria-hidden="true">∇</span><span class="unseen">${words.requiresGrad}</span>`
          : nothing
      }
    </span>
    <span class="cell memory" role="gridcell">${memoryText(row.bytes)}</span>
    <span class="cell open" role="gridcell">
      <button
        type="button"
        tabindex="-1"
        title=${words.inspect(row.name)}
        aria-label=${words.inspect(row.name)}
        @click=${(event: Event) => {
          event.stopPropagation();
          view.actions.activate(place);
          view.actions.open(row.name);
        }}
      >
        ${icon("graph")}
      </button>
    </span>
  </div>`;
}

function onKey(view: InspectorView, event: KeyboardEvent): void {
  if (event.target !== event.currentTarget) return;
  const perPage = Math.max(
    1,
    Math.floor((event.target as HTMLElement).clientHeight / ROW_HEIGHT) - 2,
  );
  const moves: Record<string, number> = {
    ArrowDown: view.state.active + 1,
    ArrowUp: view.state.active - 1,
    PageDown: view.state.active + perPage,
    PageUp: view.state.active - perPage,
    Home: 0,
    End: view.state.rows.length - 1,
  };
  const to = moves[event.key];
  const row = view.state.rows[view.state.active];
  if (to !== undefined) view.actions.activate(to);
  else if (event.key === "Enter") view.actions.reveal(row);
  else if (event.key === " " && row !== undefined) view.actions.open(row.name);
  else return;
  event.preventDefault();
}
