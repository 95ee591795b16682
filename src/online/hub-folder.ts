import { LensError } from "../protocol/errors";
import type { ModelCard, ModelFile } from "../protocol/models";
import { filesIn, jsonIn, listIn, numberIn, objectIn, onnxFiles, stringIn, type HubFolder } from "./hub-files";
import { imageInput } from "./hub-image";
import { readmeFacts } from "./hub-readme";
import { textSettings } from "./hub-text";

/** Files that stand beside the weights of a text model. */
const TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json"];

/**
 * The card of a folder that is laid out as on the Hugging Face hub: a static embedder (model.safetensors), a text
 * transformer, an image model with its preprocessor_config.json, or both halves of CLIP.
 * @returns null when the folder is laid out otherwise
 * @throws LensError "model" when it is laid out so, but damaged or of a kind that is not built
 */
export async function hubCard(folder: HubFolder): Promise<ModelCard | null> {
  const card = (await staticModel(folder)) ?? (await graphModel(folder));
  return card && { ...card, ...readmeFacts(await folder.read("README.md")) };
}

async function graphModel(folder: HubFolder): Promise<ModelCard | null> {
  const preprocessor = await jsonIn(folder, "preprocessor_config.json");
  const tokenizer = await filesIn(folder, TOKENIZER_FILES);
  const readsText = tokenizer.some((file) => file.name === "tokenizer.json");
  const vision = await onnxFiles(folder, "vision_model");
  const text = readsText ? await onnxFiles(folder, "text_model") : [];
  if (vision.length > 0) {
    if (preprocessor === null)
      throw new LensError("model", `The model ${folder.name} has no preprocessor_config.json.`);
    const card = { ...imageCard(folder, vision, preprocessor), ...(await imagePooling(folder)) };
    return text.length === 0 ? card : twoSided(card, await textPart(folder, text[0]!), [...text, ...tokenizer]);
  }
  const files = await onnxFiles(folder, "model");
  if (files.length === 0) {
    if (!readsText || text.length === 0) return null;
    return { ...describe(folder, "text", [...text, ...tokenizer]), ...(await textSettings(folder)) };
  }
  if (readsText) return { ...describe(folder, "text", [...files, ...tokenizer]), ...(await textSettings(folder)) };
  return preprocessor && { ...imageCard(folder, files, preprocessor), ...(await imagePooling(folder)) };
}

const describe = ({ name }: HubFolder, kind: ModelCard["kind"], files: ModelFile[]): ModelCard => ({
  id:
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[^a-z0-9]+/, "") || "model",
  name,
  about: kind === "text" ? "A text model laid out as on the hub." : "An image model laid out as on the hub.",
  kind,
  runtime: "onnx",
  dims: 0,
  files,
  licence: "not known",
  source: name,
  trainedOn: "not known",
  normalize: false,
});

const imageCard = (
  folder: HubFolder,
  files: ModelFile[],
  preprocessor: Parameters<typeof imageInput>[0],
): ModelCard => ({ ...describe(folder, "image", files), input: imageInput(preprocessor, folder.name) });

/** Vision transformers whose first token stands for the whole picture. */
const FIRST_TOKEN = new Set(["vit", "deit", "dinov2", "dinov2_with_registers", "dinov3_vit", "vit_mae", "vit_msn"]);
/** Those that have patches alone, or mean them. */
const PATCHES = new Set(["swin", "swinv2", "pvt", "pvt_v2", "ijepa", "siglip_vision_model"]);

/** How the vectors of a picture's tokens become one, where a graph gives nothing else; nothing when config.json does not say. */
async function imagePooling(folder: HubFolder): Promise<Pick<ModelCard, "pooling">> {
  const config = await jsonIn(folder, "config.json");
  const type = stringIn(config, "model_type") ?? "";
  if (config?.["use_mean_pooling"] === true || PATCHES.has(type)) return { pooling: "mean" };
  return FIRST_TOKEN.has(type) || config?.["use_mean_pooling"] === false ? { pooling: "cls" } : {};
}

/** CLIP and its kin: pictures and words in one space, where only directions can be compared. */
const twoSided = (card: ModelCard, text: NonNullable<ModelCard["text"]>, files: ModelFile[]): ModelCard => ({
  ...card,
  files: [...card.files, ...files],
  normalize: true,
  text,
});

async function textPart(folder: HubFolder, file: ModelFile): Promise<NonNullable<ModelCard["text"]>> {
  const { maxTokens } = await textSettings(folder);
  const config = await jsonIn(folder, "config.json");
  const positions = numberIn(objectIn(config, "text_config"), "max_position_embeddings");
  return { file: file.name, maxTokens: Math.min(maxTokens ?? 77, positions ?? 77) };
}

/** A static embedder of model2vec, or a sentence-transformers folder whose first module is one. */
async function staticModel(folder: HubFolder): Promise<ModelCard | null> {
  const [config, modules] = await Promise.all([jsonIn(folder, "config.json"), listIn(folder, "modules.json")]);
  const module = modules?.find((one) => stringIn(one, "type")?.endsWith(".StaticEmbedding"));
  if (stringIn(config, "model_type") !== "model2vec" && module === undefined) return null;
  const path = stringIn(module ?? null, "path") ?? "";
  const at = path === "" || path === "." ? "" : `${path}/`;
  const names = ["model.safetensors", ...TOKENIZER_FILES].map((file) => at + file);
  const files = await filesIn(folder, names);
  if (!names.slice(0, 2).every((wanted) => files.some((file) => file.name === wanted))) {
    throw new LensError(
      "model",
      `The static model ${folder.name} is not whole: it needs ${names[0]!} and ${names[1]!}.`,
    );
  }
  const normalizes = modules?.some((one) => stringIn(one, "type")?.endsWith(".Normalize"));
  const normalize = typeof config?.["normalize"] === "boolean" ? config["normalize"] : (normalizes ?? false);
  return { ...describe(folder, "text", files), runtime: "static", normalize };
}
