/** Numbers as colours of viridis, whose lightness increases with the number. */

export type Colour = readonly [red: number, green: number, blue: number];

const VIRIDIS: readonly Colour[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

/** Colours for values that are not finite, distinct from all of viridis. */
export const NAN: Colour = [229, 20, 0];
export const INFINITE: Colour = [255, 140, 0];

/** The colour of a value between 0 and 1. */
export function viridis(part: number): Colour {
  const position = Math.min(Math.max(part, 0), 1) * (VIRIDIS.length - 1);
  const low = VIRIDIS[Math.floor(position)] ?? NAN;
  const high = VIRIDIS[Math.ceil(position)] ?? NAN;
  const share = position - Math.floor(position);
  const mixed = (channel: 0 | 1 | 2) =>
    Math.round(low[channel] + (high[channel] - low[channel]) * share);
  return [mixed(0), mixed(1), mixed(2)];
}

/** The colour of a value in the range from `low` to `high`. */
export function colourOf(value: number | string, low: number | null, high: number | null): Colour {
  if (value === "nan") return NAN;
  if (typeof value === "string" || low === null || high === null) return INFINITE;
  return viridis(high > low ? (value - low) / (high - low) : 0.5);
}
