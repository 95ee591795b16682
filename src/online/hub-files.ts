import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LensError } from "../protocol/errors";
import type { ModelFile } from "../protocol/models";

export type JsonObject = Record<string, unknown>;

/** The JSON object in a file of a model's folder, or null when there is no such file. @throws LensError "model" when it is damaged */
export async function jsonIn(folder: string, name: string): Promise<JsonObject | null> {
  const value = await parsed(folder, name);
  if (value === null) return null;
  if (typeof value === "object" && !Array.isArray(value)) return value as JsonObject;
  throw new LensError("model", `${join(folder, name)} is not a JSON object.`);
}

/** The list of objects in a file of a model's folder, or null. @throws LensError "model" when it is damaged */
export async function listIn(folder: string, name: string): Promise<JsonObject[] | null> {
  const value = await parsed(folder, name);
  if (value === null) return null;
  if (Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null))
    return value as JsonObject[];
  throw new LensError("model", `${join(folder, name)} is not a list.`);
}

async function parsed(folder: string, name: string): Promise<object | null> {
  let text: string;
  try {
    text = await readFile(join(folder, name), "utf8");
  } catch {
    return null;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch (error) {
    throw new LensError("model", `${join(folder, name)} is not JSON.`, { cause: error });
  }
}

/** The files of these names that are there. */
export async function filesIn(folder: string, names: readonly string[]): Promise<ModelFile[]> {
  const found = await Promise.all(
    names.map(async (name): Promise<ModelFile | null> => {
      const info = await stat(join(folder, name)).catch(() => null);
      return info?.isFile() && info.size > 0 ? { name, bytes: info.size } : null;
    }),
  );
  return found.filter((file) => file !== null);
}

/** Quantised first, as the models of the catalog: a quarter of the size and faster, at a small loss. */
const VARIANTS = ["_quantized", "", "_int8", "_uint8", "_fp16", "_q4", "_q4f16", "_bnb4"];

/**
 * The .onnx file of a part of a model, with the file of weights beside it when there is one.
 * @param part "model", "vision_model" or "text_model"
 * @returns none when the part is not there
 */
export async function onnxFiles(folder: string, part: string): Promise<ModelFile[]> {
  const names = ["onnx/", ""].flatMap((at) => VARIANTS.map((variant) => `${at}${part}${variant}.onnx`));
  const [file] = await filesIn(folder, names);
  return file === undefined ? [] : [file, ...(await filesIn(folder, [`${file.name}_data`, `${file.name}.data`]))];
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
