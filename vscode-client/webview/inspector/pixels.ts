/** Heat maps and images as the pixels of a canvas. */

import type { TensorAnswer } from "../../src/shared/protocol";
import { colourOf } from "./colours";

type Heat = NonNullable<TensorAnswer["heat"]>;
type Picture = NonNullable<TensorAnswer["image"]>;

export function heatPixels(heat: Heat): ImageData {
  const width = Math.max(1, heat.values[0]?.length ?? 0);
  const pixels = new ImageData(width, Math.max(1, heat.values.length));
  let at = 0;
  for (const row of heat.values) {
    for (const value of row) {
      pixels.data.set([...colourOf(value, heat.min, heat.max), 255], at);
      at += 4;
    }
  }
  return pixels;
}

export function picturePixels(picture: Picture): ImageData {
  const bytes = Uint8Array.from(atob(picture.data), (letter) => letter.charCodeAt(0));
  const pixels = new ImageData(picture.width, picture.height);
  const { channels } = picture;
  for (let pixel = 0; pixel < picture.width * picture.height; pixel++) {
    const red = bytes[pixel * channels] ?? 0;
    const [green, blue] =
      channels === 1 ? [red, red] : [bytes[pixel * 3 + 1] ?? 0, bytes[pixel * 3 + 2] ?? 0];
    pixels.data.set([red, green, blue, 255], pixel * 4);
  }
  return pixels;
}
