import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { LocalModel } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import type { ModelCard, ModelFile } from "../protocol/models";
import { readCard } from "./card";
import { diskFolder } from "./hub-files";
import { hubCard } from "./hub-folder";
import { sha256Of } from "./part";

/** Whether a model is named by a path and not by an id. */
export const isPath = (id: string): boolean => /[\\/]/.test(id) || /\.onnx$/i.test(id) || id.startsWith(".");

/**
 * A model that lies somewhere on this machine: an .onnx file, a folder with a card.json, or a folder with one .onnx.
 * A file of the catalog is known by its bytes and gets its card from there.
 * @throws LensError "model"
 */
export async function localModel(path: string, catalog: readonly ModelCard[]): Promise<LocalModel> {
  const where = resolve(path);
  const info = await stat(where).catch((error: unknown) => {
    throw new LensError(
      "model",
      `There is no model at ${path}: give the path of an .onnx file or of a model's folder.`,
      {
        cause: error,
      },
    );
  });
  if (!info.isDirectory()) {
    if (!/\.onnx$/i.test(where)) throw new LensError("model", `${path} is not an .onnx file or a model's folder.`);
    return { card: await bareCard(where, stem(where), catalog), folder: dirname(where) };
  }
  const names = await readdir(where);
  if (names.includes("card.json")) {
    const card = await readCard(join(where, "card.json"));
    const missing = await missingFile(card.files, where);
    if (missing !== null) throw new LensError("model", `The model in ${path} is not whole: ${missing}.`);
    return { card, folder: where };
  }
  const hub = await hubCard(diskFolder(where));
  if (hub !== null) return { card: hub, folder: where };
  const onnx = names.filter((name) => /\.onnx$/i.test(name));
  if (onnx.length !== 1) {
    throw new LensError(
      "model",
      onnx.length === 0
        ? `The folder ${path} holds no .onnx file.`
        : `The folder ${path} holds several .onnx files: give the path of one of them.`,
    );
  }
  return { card: await bareCard(join(where, onnx[0]!), basename(where), catalog), folder: where };
}

const stem = (file: string): string => basename(file).replace(/\.onnx$/i, "");

/** Hashing a large file takes seconds: it is done again only when the file has changed. */
const hashes = new Map<string, string>();

async function hashOf(file: string, size: number, changed: number): Promise<string> {
  const key = `${file}\n${size}\n${changed}`;
  const known = hashes.get(key) ?? (await sha256Of(file));
  hashes.set(key, known);
  return known;
}

/** The card of an .onnx file about which nothing is known but its bytes; its size and input are read from its graph. */
async function bareCard(file: string, name: string, catalog: readonly ModelCard[]): Promise<ModelCard> {
  const { size, mtimeMs } = await stat(file);
  const sha256 = await hashOf(file, size, mtimeMs);
  const known = catalog.find(({ files }) => files.length === 1 && files[0]!.sha256 === sha256);
  const files = [{ name: basename(file), bytes: size, sha256 }];
  if (known !== undefined) return { ...known, files };
  return {
    id: idFrom(name),
    name,
    about: "A model from a local file.",
    kind: "image",
    runtime: "onnx",
    dims: 0,
    files,
    licence: "not known",
    source: basename(file),
    trainedOn: "not known",
    normalize: false,
  };
}

/** A name as an id: small letters, digits, dots, dashes. */
export const idFrom = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "") || "model";

/** What keeps the files of a model in `folder` from being whole, null when nothing does. */
export async function missingFile(files: readonly ModelFile[], folder: string): Promise<string | null> {
  for (const { name, bytes } of files) {
    const info = await stat(join(folder, name)).catch(() => null);
    if (info === null) return `the file ${name} is missing`;
    if (info.size !== bytes) return `the file ${name} has ${info.size} bytes where ${bytes} are expected`;
  }
  return null;
}
