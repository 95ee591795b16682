import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { LensError } from "../protocol/errors";
import type { ModelCard } from "../protocol/models";

const text = v.pipe(v.string(), v.minLength(1));
const whole = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));
const channels = v.strictTuple([v.number(), v.number(), v.number()]);
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
/** A name that stays in its folder: no "..", no drive, no leading dot. */
const fileName = v.pipe(v.string(), v.regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, "is not a file name"));

const inputSchema = v.strictObject({
  size: v.strictTuple([side, side]),
  fit: v.picklist(["stretch", "crop"]),
  resizeTo: side,
  kernel: v.picklist(["nearest", "linear", "cubic", "lanczos3"]),
  order: v.picklist(["rgb", "bgr"]),
  scale: v.number(),
  mean: channels,
  std: channels,
});

const fileSchema = v.strictObject({
  name: fileName,
  url: v.exactOptional(v.pipe(v.string(), v.url(), v.regex(/^https?:/, "is not an http address"))),
  bytes: whole,
  sha256: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in small letters"))),
});

const ID = /^[a-z0-9][a-z0-9._-]*$/;

/** Whether a text can be the id of a model, and so the name of its folder. */
export const isId = (text: string): boolean => ID.test(text);

const cardSchema: v.GenericSchema<unknown, ModelCard> = v.strictObject({
  id: v.pipe(v.string(), v.regex(ID, "is not an id")),
  name: text,
  about: text,
  kind: v.picklist(["text", "image"]),
  runtime: v.picklist(["words", "static", "onnx"]),
  dims: v.pipe(v.number(), v.integer(), v.minValue(0)),
  files: v.pipe(v.array(fileSchema), v.minLength(1)),
  licence: text,
  source: text,
  trainedOn: text,
  input: v.exactOptional(inputSchema),
  output: v.exactOptional(text),
  pooling: v.exactOptional(v.picklist(["mean", "cls", "last", "max"])),
  normalize: v.boolean(),
  prefix: v.exactOptional(v.string()),
  queryPrefix: v.exactOptional(v.string()),
  maxTokens: v.exactOptional(whole),
  languages: v.exactOptional(v.array(text)),
  text: v.exactOptional(
    v.strictObject({
      file: fileName,
      output: v.exactOptional(text),
      pooling: v.exactOptional(v.picklist(["mean", "cls", "last", "max"])),
      prefix: v.exactOptional(v.string()),
      queryPrefix: v.exactOptional(v.string()),
      maxTokens: whole,
    }),
  ),
});

/**
 * Checks a card from outside.
 * @param where what the message calls it: a file
 * @throws LensError "model"
 */
export function parseCard(value: unknown, where: string): ModelCard {
  const parsed = v.safeParse(cardSchema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const field = v.getDotPath(issue);
  throw new LensError(
    "model",
    `The model card ${where} is not valid${field ? ` at “${field}”` : ""}: ${issue.message}.`,
  );
}

/** @throws LensError "model" when the file is missing or not a card */
export async function readCard(path: string): Promise<ModelCard> {
  return parseCard(await readJson(path), path);
}

/** @throws LensError "model" when the file is missing or not JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch (error) {
    const what = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new LensError("model", `${path} ${what}.`, { cause: error });
  }
}
