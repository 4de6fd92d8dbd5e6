/** Numbers as text. The server sends the tensor's own numbers as text already. */

const COUNT = new Intl.NumberFormat("en", { useGrouping: true });

/** A count with its digits in groups of three. */
export function grouped(count: number): string {
  return COUNT.format(count).replaceAll(",", " ");
}

/** A number at the end of an axis, with at most four digits. */
export function brief(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return String(Number(value.toPrecision(4))).replace("e+", "e");
}
