import type { ImageInput } from "../../protocol/models";

/** Turns pixels into the input of a model. */
export type ToTensor = (pixels: Uint8Array) => Float32Array;

/**
 * Prepares the conversion of a card: value = (pixel × scale − mean) / std per channel, looked up for the 256 pixel values.
 * @returns from (height × width × 3) RGB bytes to (3 × height × width) float32 in the card's channel order
 */
export function toTensor({ size: [height, width], order, scale, mean, std }: ImageInput): ToTensor {
  const plane = height * width;
  const tables = mean.map((m, channel) =>
    Float32Array.from({ length: 256 }, (_, v) => (v * scale - m) / std[channel]!),
  );
  const sources = order === "rgb" ? [0, 1, 2] : [2, 1, 0];
  return (pixels) => {
    const tensor = new Float32Array(3 * plane);
    for (let channel = 0; channel < 3; channel++) {
      const table = tables[channel]!;
      const to = channel * plane;
      let from = sources[channel]!;
      for (let i = 0; i < plane; i++, from += 3) tensor[to + i] = table[pixels[from]!]!;
    }
    return tensor;
  };
}
