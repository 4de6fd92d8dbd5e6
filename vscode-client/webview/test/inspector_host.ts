/** A host of the inspector with the recorded answers of a server, or with any number of rows. */

import * as v from "valibot";
import { type TensorRow, TensorsNotification } from "../../src/shared/protocol";
import type { Answers } from "./browser";
import { recorded } from "./recorded";

export const TENSORS = v.parse(TensorsNotification, recorded("tensors"));

interface Start {
  tensors?: TensorsNotification | null;
  locale?: string;
}

export function inspectorHost({ tensors = TENSORS, locale = "en" }: Start = {}): Answers {
  return (message) => {
    if (message.type === "ready") {
      return [
        { type: "context", locale, trusted: true, ready: true },
        { type: "tensors", uri: TENSORS.uri, tensors },
      ];
    }
    if (message.type !== "command" || message.command !== "tensor") return null;
    const result = recorded(`tensor-${String(message.argument["name"])}`);
    return { type: "answer", id: message.id, result };
  };
}

export function many(count: number): TensorsNotification {
  const rows = Array.from({ length: count }, (_, number): TensorRow => {
    const size = ((number * 37) % 100) + 1;
    return {
      name: `layers.${number}.weight`,
      uri: null,
      line: number,
      character: 0,
      label: `f32[${size},${size}] cpu`,
      shape: [size, size],
      dtype: number % 3 === 0 ? "float32" : "bfloat16",
      device: number % 2 === 0 ? "cpu" : "cuda:0",
      requiresGrad: number % 2 === 0,
      bytes: size * size * 4,
      alive: true,
    };
  });
  const unknown = { allocated: null, reserved: null, peak: null };
  return { ...TENSORS, rows, totals: { cpu: { tensors: count, bytes: 12_345_678, ...unknown } } };
}
