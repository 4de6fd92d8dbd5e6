/** Filtering and sorting the rows of the inspector, and their cells as text. */

import type { TensorRow } from "../../src/shared/protocol";

export const COLUMNS = ["name", "shape", "dtype", "device", "requiresGrad", "memory"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  column: Column;
  isDescending: boolean;
}

const NATURAL = new Intl.Collator("en", { numeric: true });

/** The rows that contain every word of the filter. */
export function filtered(rows: readonly TensorRow[], filter: string): TensorRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = [row.name, shapeText(row), row.dtype, row.device ?? "", row.label]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The rows sorted by a column; without one, or for equal rows, in the program's order. */
export function sorted(rows: readonly TensorRow[], sort: Sort | null): TensorRow[] {
  if (sort === null) return [...rows];
  const sign = sort.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => sign * compare(one, other, sort.column));
}

/** The sort after a click on a column's head: ascending, descending, none. */
export function nextSort(sort: Sort | null, column: Column): Sort | null {
  if (sort?.column !== column) return { column, isDescending: false };
  return sort.isDescending ? null : { column, isDescending: true };
}

function compare(one: TensorRow, other: TensorRow, column: Column): number {
  switch (column) {
    case "name":
      return NATURAL.compare(one.name, other.name);
    case "shape":
      return elements(one) - elements(other) || NATURAL.compare(shapeText(one), shapeText(other));
    case "dtype":
      return NATURAL.compare(one.dtype, other.dtype);
    case "device":
      return NATURAL.compare(one.device ?? "", other.device ?? "");
    case "requiresGrad":
      return Number(one.requiresGrad) - Number(other.requiresGrad);
    case "memory":
      return (one.bytes ?? -1) - (other.bytes ?? -1);
  }
}

/** The number of elements, or -1 if a size is not known. */
function elements(row: TensorRow): number {
  return (row.shape ?? ["?"]).reduce<number>(
    (product, size) => (typeof size === "number" && product >= 0 ? product * size : -1),
    1,
  );
}

export function shapeText(row: Pick<TensorRow, "shape">): string {
  return row.shape === null ? "" : `[${row.shape.join(",")}]`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function memoryText(bytes: number | null): string {
  if (bytes === null) return "";
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < UNITS.length - 1) [size, unit] = [size / 1024, unit + 1];
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits).replace(/\.0$/, "")} ${UNITS[unit]}`;
}
