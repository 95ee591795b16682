import { LensError } from "../protocol/errors";

/** Twice the pixels of the page: sharp on today's screens and in print. */
const SCALE = 2;

/**
 * An SVG of `width` pixels as a PNG at double resolution.
 * @throws LensError "write" when sharp, the image library, cannot be loaded
 */
export async function svgToPng(svg: string, width: number): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp").catch((error: unknown) => {
    throw new LensError(
      "write",
      "PNG needs the package sharp, which could not be loaded here. Write .svg or reinstall.",
      {
        cause: error,
      },
    );
  });
  return sharp(Buffer.from(svg), { density: 72 * SCALE, limitInputPixels: false })
    .resize({ width: width * SCALE })
    .png()
    .toBuffer();
}
