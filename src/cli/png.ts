import { LensError } from "../protocol/errors";

/** Twice the pixels of the page: sharp on today's screens and in print. */
const SCALE = 2;
const SVG = { operation: ["VipsForeignLoadSvg"] };

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
  // The engine lets no SVG near its decoders, for the whole process: this one is our own.
  sharp.unblock(SVG);
  try {
    return await sharp(Buffer.from(svg), { density: 72 * SCALE, limitInputPixels: false })
      .resize({ width: width * SCALE })
      .png()
      .toBuffer();
  } finally {
    sharp.block(SVG);
  }
}
