/** The inspector's rows in the order and the choice that the user wants. */

import type { TensorRow } from "../../src/shared/protocol";

export const COLUMNS = ["name", "shape", "dtype", "device", "requiresGrad", "memory"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  column: Column;
  isDescending: boolean;
}

const NATURAL = new Intl.Collator("en", { numeric: true });

/** Every word of the filter must be found somewhere in the row. */
export function filtered(rows: readonly TensorRow[], filter: string): TensorRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = [row.name, shapeText(row), row.dtype, row.device ?? "", row.label]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Without a sort in the program's own order. Equal rows keep it. */
export function sorted(rows: readonly TensorRow[], sort: Sort | null): TensorRow[] {
  if (sort === null) return [...rows];
  const sign = sort.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => sign * compare(one, other, sort.column));
}

/** The next sort for a click on a column's head: ascending, descending, none. */
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

/** -1 where a size is not known. */
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
