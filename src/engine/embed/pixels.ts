import type { ImageInput } from "../../protocol/models";

/**
 * Turns pixels into the input of a model.
 * @param into what is filled instead of a new array, whose memory costs more than the numbers in it
 */
export type ToTensor = (pixels: Uint8Array, into?: Float32Array) => Float32Array;

/**
 * Prepares the conversion of a card: value = (pixel × scale − mean) / std per channel, looked up for the 256 pixel values.
 * @returns from (height × width × 3) RGB bytes to (3 × height × width) float32 in the card's channel order
 */
export function toTensor({ size: [height, width], order, scale, mean, std }: ImageInput): ToTensor {
  const plane = height * width;
  const tables = mean.map((m, channel) =>
    Float32Array.from({ length: 256 }, (_, v) => (v * scale - m) / std[channel]!),
  );
  // Tables and planes in the order in which the pixels come.
  const [red, green, blue] = order === "rgb" ? [0, 1, 2] : [2, 1, 0];
  const [reds, greens, blues] = [tables[red]!, tables[green]!, tables[blue]!];
  const [redAt, greenAt, blueAt] = [red * plane, green * plane, blue * plane];
  return (pixels, tensor = new Float32Array(3 * plane)) => {
    for (let i = 0, from = 0; i < plane; i++, from += 3) {
      tensor[redAt + i] = reds[pixels[from]!]!;
      tensor[greenAt + i] = greens[pixels[from + 1]!]!;
      tensor[blueAt + i] = blues[pixels[from + 2]!]!;
    }
    return tensor;
  };
}
