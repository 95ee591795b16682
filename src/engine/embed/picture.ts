import { stat } from "node:fs/promises";
import { LensError } from "../../protocol/errors";
import type { ImageInput } from "../../protocol/models";
import { inTurnWhenHeavy } from "./heavy";
import { BACKDROP, loadSharp, OPEN_OPTIONS, pictureInput, PIXEL_LIMIT } from "./sharp";

/** A picture cannot be decoded; the message is the reason a person reads after the file's name. */
export class PictureError extends Error {}

/**
 * Decodes a picture and brings it to the model's size.
 * Upright by its EXIF orientation; colour profiles, CMYK, grey and 16 bits become 8-bit sRGB; transparency lies on
 * white; of an animation the first frame counts. Large JPEG and WebP files are shrunk while they are read.
 * @returns (height × width × 3) pixels, RGB, 0..255
 * @throws PictureError; LensError when no picture can be decoded here
 */
export async function decodePicture(file: string, input: ImageInput): Promise<Uint8Array> {
  try {
    return await inTurnWhenHeavy(file, () => resized(file, input));
  } catch (error) {
    if (error instanceof LensError) throw error;
    throw new PictureError(await plainReason(error, file), { cause: error });
  }
}

async function resized(file: string, input: ImageInput): Promise<Uint8Array> {
  const [height, width] = input.size;
  const [coverHeight, coverWidth] = coverOf(input);
  const sharp = await loadSharp();
  const { data, info } = await sharp(await pictureInput(file), OPEN_OPTIONS)
    .flatten({ background: BACKDROP })
    .resize({
      width: coverWidth,
      height: coverHeight,
      fit: input.fit === "crop" ? "cover" : "fill",
      kernel: input.kernel,
    })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels`);
  return middleOf(data, coverWidth, width, height);
}

/** Height and width that a picture covers before its middle is cut out: a short side of `resizeTo`, at least the cut. */
const coverOf = ({ size: [height, width], fit, resizeTo }: ImageInput): [number, number] =>
  fit === "crop" ? [Math.max(resizeTo, height), Math.max(resizeTo, width)] : [height, width];

/**
 * The middle of a picture. (Cut here, because sharp turns a picture upright in full size when it is to cut one.)
 * @param pixels (rows × fromWidth × 3)
 * @returns (height × width × 3)
 */
export function middleOf(pixels: Uint8Array, fromWidth: number, width: number, height: number): Uint8Array {
  const fromHeight = pixels.length / 3 / fromWidth;
  if (fromWidth === width && fromHeight === height) return pixels;
  const left = Math.round((fromWidth - width) / 2);
  const top = Math.round((fromHeight - height) / 2);
  const cut = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * fromWidth + left) * 3;
    cut.set(pixels.subarray(from, from + width * 3), y * width * 3);
  }
  return cut;
}

/** What a person reads: the state of the file first, then what the decoder says. */
export async function plainReason(error: unknown, file: string): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  try {
    const { size } = await stat(file);
    if (size === 0) return "the file is empty";
  } catch (missing) {
    const code = (missing as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? "the file is no longer there" : "the file cannot be opened";
  }
  if (/pixel limit/i.test(message)) return `it has more than ${PIXEL_LIMIT / 1e6} million pixels`;
  if (/permission denied|EACCES/i.test(message)) return "there is no permission to read the file";
  if (/unsupported image format|not known|blocked/i.test(message)) return "it is not a picture in a readable format";
  if (/premature end|truncated|ended prematurely|not enough data/i.test(message)) return "the picture is cut off";
  return "the picture is damaged";
}
