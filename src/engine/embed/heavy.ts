import { stat } from "node:fs/promises";
import { loadSharp, OPEN_OPTIONS } from "./sharp";

/** Files below this are not even looked at: reading the head of each would cost a twentieth of its decoding. */
const LIGHT_BYTES = 1_000_000;
/** Above this a format that cannot be shrunk while it is read (progressive JPEG, interlaced PNG, AVIF) takes 3 bytes a pixel. */
const HEAVY_PIXELS = 20_000_000;

let line: Promise<unknown> = Promise.resolve();

/** Does the work at once, for a heavy picture after the heavy ones before it: a folder of them must not fill the memory. */
export async function inTurnWhenHeavy<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!(await isHeavy(file))) return work();
  const mine = line.then(work);
  line = mine.catch(() => undefined);
  return mine;
}

async function isHeavy(file: string): Promise<boolean> {
  if ((await stat(file)).size < LIGHT_BYTES) return false;
  const sharp = await loadSharp();
  const { width, height } = await sharp(file, OPEN_OPTIONS).metadata();
  return width * height > HEAVY_PIXELS;
}
