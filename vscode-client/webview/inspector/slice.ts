/** What of a tensor is shown, as the server's command takes it: between the brackets of Python. */

import type { TensorAnswer } from "../../src/shared/protocol";

/** By dimension: an index of one that is cut, or the first element of one that is shown. */
export type Choices = ReadonlyMap<number, number>;

export const BLOCK = 64;

export function sliceText(answer: TensorAnswer, choices: Choices): string {
  return (answer.indices ?? [])
    .map((index, dimension) => {
      const chosen = choices.get(dimension);
      if (index !== null) return String(chosen ?? index);
      return chosen === undefined || chosen === 0 ? ":" : `${chosen}:`;
    })
    .join(", ");
}

export interface Slider {
  dimension: number;
  size: number;
  value: number;
}

/** The dimensions that are cut, and can be cut elsewhere. */
export function cuts(answer: TensorAnswer, choices: Choices): Slider[] {
  return (answer.indices ?? []).flatMap((index, dimension) => {
    const size = answer.sizes?.[dimension] ?? 0;
    if (index === null || size < 2) return [];
    return [
      { dimension, size, value: choices.get(dimension) ?? (index < 0 ? index + size : index) },
    ];
  });
}

/** The dimensions that are shown but too long for the grid of values. */
export function starts(answer: TensorAnswer): Slider[] {
  const { block, rowAxis, columnAxis } = answer;
  if (block === null) return [];
  const shown: [number | null, number][] = [
    [rowAxis, block.row],
    [columnAxis, block.column],
  ];
  return shown.flatMap(([dimension, value]) => {
    const size = dimension === null ? 0 : (answer.sizes?.[dimension] ?? 0);
    return dimension === null || size <= BLOCK ? [] : [{ dimension, size, value }];
  });
}
