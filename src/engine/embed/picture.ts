import { stat } from "node:fs/promises";
import type { ImageInput } from "../../protocol/models";
import { BACKDROP, loadSharp, OPEN_OPTIONS, PIXEL_LIMIT } from "./sharp";

/** A picture cannot be decoded; the message is the reason a person reads after the file's name. */
export class PictureError extends Error {}

/**
 * Decodes a picture and brings it to the model's size.
 * Upright by its EXIF orientation; colour profiles, CMYK, grey and 16 bits become 8-bit sRGB; transparency lies on
 * white; of an animation the first frame counts. Large JPEG and WebP files are shrunk while they are read.
 * @returns (height × width × 3) pixels, RGB, 0..255
 * @throws PictureError
 */
export async function decodePicture(file: string, input: ImageInput): Promise<Uint8Array> {
  const [height, width] = input.size;
  try {
    const sharp = await loadSharp();
    const picture = sharp(file, OPEN_OPTIONS).flatten({ background: BACKDROP });
    const { kernel } = input;
    if (input.fit === "stretch") {
      picture.resize({ width, height, fit: "fill", kernel });
    } else if (input.resizeTo === height && height === width) {
      picture.resize({ width, height, fit: "cover", kernel });
    } else {
      const { autoOrient: from } = await picture.metadata();
      const cut = cropOf(from, input);
      picture.resize({ width: cut.coverWidth, height: cut.coverHeight, fit: "fill", kernel });
      picture.extract({ left: cut.left, top: cut.top, width, height });
    }
    const { data, info } = await picture
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3 || data.length !== height * width * 3) throw new Error("unexpected layout of pixels");
    return data;
  } catch (error) {
    throw new PictureError(await plainReason(error, file), { cause: error });
  }
}

/**
 * Where a centre crop lies: the short side becomes `resizeTo` (at least the cut's side), the long side follows, rounded
 * down, and the cut is in the middle, as torchvision's Resize and CenterCrop do it.
 */
export function cropOf(
  from: { width: number; height: number },
  { size: [height, width], resizeTo }: Pick<ImageInput, "size" | "resizeTo">,
): { coverWidth: number; coverHeight: number; left: number; top: number } {
  const scale = Math.max(resizeTo / Math.min(from.width, from.height), width / from.width, height / from.height);
  const coverWidth = Math.max(width, Math.floor(from.width * scale + 1e-6));
  const coverHeight = Math.max(height, Math.floor(from.height * scale + 1e-6));
  return {
    coverWidth,
    coverHeight,
    left: Math.round((coverWidth - width) / 2),
    top: Math.round((coverHeight - height) / 2),
  };
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
