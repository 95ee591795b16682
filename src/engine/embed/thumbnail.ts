import { basename } from "node:path";
import type { Thumbnail } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import { plainReason } from "./picture";
import { BACKDROP, loadSharp, OPEN_OPTIONS, pictureInput } from "./sharp";

/**
 * A small copy of a picture, upright, first frame, that fits a square of `size` pixels; never enlarged.
 * @throws LensError "source" when the picture cannot be decoded
 */
export async function thumbnail(file: string, size: number): Promise<Thumbnail> {
  try {
    const sharp = await loadSharp();
    const bytes = await sharp(await pictureInput(file), OPEN_OPTIONS)
      .flatten({ background: BACKDROP })
      .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .webp({ quality: 82, effort: 1 })
      .toBuffer();
    return { type: "image/webp", bytes: new Uint8Array(bytes) };
  } catch (error) {
    const reason = await plainReason(error, file);
    throw new LensError("source", `“${basename(file)}” cannot be shown: ${reason}.`, { cause: error });
  }
}
