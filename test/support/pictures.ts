import sharp, { type Sharp } from "sharp";

/** A picture in which every corner is known: red left above, green right above, blue left below, white right below. */
export function fourCorners(width = 64, height = 48): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, above] = [x < width / 2, y < height / 2];
      const colour = above ? (left ? [255, 0, 0] : [0, 255, 0]) : left ? [0, 0, 255] : [255, 255, 255];
      data.set(colour, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The pixels at the middle of each quarter of a (height × width × 3) picture: left above, right above, left below, right below. */
export function cornersOf(pixels: Uint8Array, width: number, height: number): number[][] {
  const at = (x: number, y: number): number[] => [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  const [left, right] = [width >> 2, width - (width >> 2)];
  const [above, below] = [height >> 2, height - (height >> 2)];
  return [at(left, above), at(right, above), at(left, below), at(right, below)];
}
