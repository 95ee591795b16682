import { readFile, stat } from "node:fs/promises";
import type { SharpOptions } from "sharp";
import { LensError } from "../../protocol/errors";

type Sharp = (typeof import("sharp"))["default"];

/** A picture above this many pixels is refused by name: it is more likely a decompression bomb than a photograph. */
export const PIXEL_LIMIT = 500_000_000;

/** Formats of IMAGE_EXTENSIONS. Whatever a file is called, no other decoder gets to see it. */
const DECODERS = ["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff"];

let loaded: Promise<Sharp> | undefined;

/**
 * sharp, loaded when first needed, set up for many small pictures: one thread each, no cache, only the decoders of
 * IMAGE_EXTENSIONS.
 * @throws LensError "model" when it cannot be loaded here
 */
export function loadSharp(): Promise<Sharp> {
  loaded ??= import("sharp").then(
    ({ default: sharp }) => {
      sharp.concurrency(1);
      sharp.cache(false);
      sharp.block({ operation: ["VipsForeignLoad"] });
      sharp.unblock({ operation: DECODERS.map((name) => `VipsForeignLoad${name}`) });
      return sharp;
    },
    (error: unknown) => {
      loaded = undefined;
      const why = error instanceof Error ? error.message.trim().split("\n", 1)[0] : String(error);
      throw new LensError("model", `Pictures cannot be read here: sharp could not be loaded (${why ?? ""}).`, {
        cause: error,
      });
    },
  );
  return loaded;
}

/** How every picture is opened: upright, first frame only, a truncated file is an error, small oddities are not. */
export const OPEN_OPTIONS: SharpOptions = {
  autoOrient: true,
  failOn: "error",
  limitInputPixels: PIXEL_LIMIT,
  sequentialRead: true,
};

/** Files up to this are handed over whole. */
const WHOLE_BYTES = 32_000_000;

/**
 * What sharp is to read: the bytes of the file, or its path when it is too large to be held. (As WebAssembly it reads a path
 * in small pieces, each through the main thread: six times the time of decoding a photograph.)
 */
export const pictureInput = async (file: string): Promise<Buffer | string> =>
  (await stat(file)).size <= WHOLE_BYTES ? readFile(file) : file;

/** What lies under transparent pixels: a picture looks as it does on a white page. */
export const BACKDROP = "#ffffff";
