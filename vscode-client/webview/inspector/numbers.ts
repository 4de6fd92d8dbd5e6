/** A number at the end of an axis, in four digits. The tensor's own numbers come as texts. */

export function brief(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return String(Number(value.toPrecision(4))).replace("e+", "e");
}
