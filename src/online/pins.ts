import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { ModelCard, ModelFile } from "../protocol/models";
import { failure, whyBroken, type Subject } from "./failure";
import { sha256Of } from "./part";

/**
 * What the first download of a file without a known SHA-256 has found. It lies beside the model's files; later downloads
 * must bring the same bytes.
 */
const FILE = "pins.json";
const schema = v.record(v.string(), v.object({ bytes: v.number(), sha256: v.string() }));

interface Pin {
  bytes: number;
  sha256: string;
}

async function pinsIn(folder: string): Promise<Record<string, Pin>> {
  try {
    return v.parse(schema, JSON.parse(await readFile(join(folder, FILE), "utf8")));
  } catch {
    return {};
  }
}

/** The card with the pinned size and SHA-256 of its files; a file without a SHA-256 after this has not been downloaded yet. */
export async function withPins(card: ModelCard, folder: string): Promise<ModelCard> {
  if (card.files.every(({ sha256 }) => sha256 !== undefined)) return card;
  const pins = await pinsIn(folder);
  return {
    ...card,
    files: card.files.map((file) => (file.sha256 === undefined ? { ...file, ...pins[file.name] } : file)),
  };
}

/** Pins a file that was downloaded for the first time. */
export async function addPin(folder: string, name: string, { bytes, sha256 }: Pin): Promise<void> {
  const pins = { ...(await pinsIn(folder)), [name]: { bytes, sha256 } };
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `${FILE}.${process.pid}.new`);
  await writeFile(fresh, JSON.stringify(pins, null, 2));
  await rename(fresh, join(folder, FILE));
}

/**
 * The files of a model on this machine that are those of a model of the catalog, in its order and with their SHA-256;
 * null when one is missing or has other bytes. A single file may have any name.
 */
export async function sameFiles(
  mine: ModelCard,
  { files }: ModelCard,
  folder: string,
): Promise<Required<Pick<ModelFile, "name" | "bytes" | "sha256">>[] | null> {
  const found = [];
  for (const { name, sha256: wanted } of files) {
    const file = files.length === 1 ? mine.files[0] : mine.files.find((one) => one.name === name);
    if (file === undefined) return null;
    const sha256 = file.sha256 ?? (await sha256Of(join(folder, file.name)));
    if (wanted !== undefined && wanted !== sha256) return null;
    found.push({ name: file.name, bytes: file.bytes, sha256 });
  }
  return found;
}

/**
 * The size of a file that is not known before its first download, as its server tells it.
 * @throws LensError "network" when the server cannot be asked or does not tell
 */
export async function remoteSize(subject: Subject, get: typeof fetch, signal: AbortSignal): Promise<number> {
  let response: Response;
  try {
    response = await get(subject.url, { headers: { "accept-encoding": "identity" }, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw failure(subject, whyBroken(error).message, error);
  }
  await response.body?.cancel().catch(() => undefined);
  if (!response.ok) throw failure(subject, `the server answered ${response.status}`);
  const size = Number(response.headers.get("content-length") ?? NaN);
  if (Number.isSafeInteger(size) && size > 0 && !response.headers.has("content-encoding")) return size;
  throw failure(subject, "the server does not say how large the file is");
}
