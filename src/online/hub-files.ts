import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LensError } from "../protocol/errors";
import type { ModelFile } from "../protocol/models";

export type JsonObject = Record<string, unknown>;

/** The files of a model that is laid out as on the Hugging Face hub, wherever they lie. */
export interface HubFolder {
  /** The model's name. */
  name: string;
  /** What an error calls the folder. */
  where: string;
  /** The text of a small file, null when there is none. */
  read(file: string): Promise<string | null>;
  /** Bytes of a file, null when there is none. */
  size(file: string): Promise<number | null>;
}

/** A folder of this machine. Within the hub's own cache (models--OWNER--NAME/snapshots/COMMIT) the name is the model's. */
export function diskFolder(path: string): HubFolder {
  const cached = /^models--(?:.+--)?(.+)$/.exec(basename(dirname(dirname(path))));
  return {
    name: cached?.[1] !== undefined && basename(dirname(path)) === "snapshots" ? cached[1] : basename(path),
    where: path,
    read: (file) => readFile(join(path, file), "utf8").catch(() => null),
    size: async (file) => {
      const info = await stat(join(path, file)).catch(() => null);
      return info?.isFile() ? info.size : null;
    },
  };
}

/** The JSON object in a file of a model's folder, or null when there is no such file. @throws LensError "model" when it is damaged */
export async function jsonIn(folder: HubFolder, name: string): Promise<JsonObject | null> {
  const value = await parsed(folder, name);
  if (value === null) return null;
  if (typeof value === "object" && !Array.isArray(value)) return value as JsonObject;
  throw new LensError("model", `${nameOf(folder, name)} is not a JSON object.`);
}

/** The list of objects in a file of a model's folder, or null. @throws LensError "model" when it is damaged */
export async function listIn(folder: HubFolder, name: string): Promise<JsonObject[] | null> {
  const value = await parsed(folder, name);
  if (value === null) return null;
  if (Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null))
    return value as JsonObject[];
  throw new LensError("model", `${nameOf(folder, name)} is not a list.`);
}

const nameOf = ({ where }: HubFolder, name: string): string => join(where, name);

async function parsed(folder: HubFolder, name: string): Promise<object | null> {
  const text = await folder.read(name);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch (error) {
    throw new LensError("model", `${nameOf(folder, name)} is not JSON.`, { cause: error });
  }
}

/** The files of these names that are there. */
export async function filesIn(folder: HubFolder, names: readonly string[]): Promise<ModelFile[]> {
  const found = await Promise.all(names.map((name) => fileIn(folder, name)));
  return found.filter((file) => file !== null);
}

async function fileIn(folder: HubFolder, name: string): Promise<ModelFile | null> {
  const bytes = await folder.size(name);
  return bytes !== null && bytes > 0 ? { name, bytes } : null;
}

/** Quantised first, as the models of the catalog: a quarter of the size and faster, at a small loss. */
const VARIANTS = ["_quantized", "", "_int8", "_uint8", "_fp16", "_q4", "_q4f16", "_bnb4"];

/**
 * The .onnx file of a part of a model, with the file of weights beside it when there is one.
 * @param part "model", "vision_model" or "text_model"
 * @returns none when the part is not there
 */
export async function onnxFiles(folder: HubFolder, part: string): Promise<ModelFile[]> {
  for (const at of ["onnx/", ""]) {
    for (const variant of VARIANTS) {
      const file = await fileIn(folder, `${at}${part}${variant}.onnx`);
      if (file !== null) return [file, ...(await filesIn(folder, [`${file.name}_data`, `${file.name}.data`]))];
    }
  }
  return [];
}

export const numberIn = (object: JsonObject | null, key: string): number | undefined => {
  const value = object?.[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

export const stringIn = (object: JsonObject | null, key: string): string | undefined => {
  const value = object?.[key];
  return typeof value === "string" ? value : undefined;
};

export const objectIn = (object: JsonObject | null, key: string): JsonObject | null => {
  const value = object?.[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
};
