/** The part of a tensor that is shown, written as between Python's brackets. */

import type { TensorAnswer } from "../../src/shared/protocol";

/** By dimension: the index of a cut, or the first element shown. */
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

/** Sliders for the dimensions that are cut. */
export function cuts(answer: TensorAnswer, choices: Choices): Slider[] {
  return (answer.indices ?? []).flatMap((index, dimension) => {
    const size = answer.sizes?.[dimension] ?? 0;
    if (index === null || size < 2) return [];
    return [
      { dimension, size, value: choices.get(dimension) ?? (index < 0 ? index + size : index) },
    ];
  });
}

/** Sliders for the shown dimensions that are too long for the grid of values. */
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
