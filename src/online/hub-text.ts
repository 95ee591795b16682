import { LensError } from "../protocol/errors";
import type { ModelCard } from "../protocol/models";
import { jsonIn, listIn, numberIn, objectIn, stringIn, type HubFolder, type JsonObject } from "./hub-files";

/** The fields of a card that say how texts become vectors. */
export type TextSettings = Pick<
  ModelCard,
  "dims" | "normalize" | "output" | "pooling" | "prefix" | "queryPrefix" | "maxTokens"
>;

/** A tokenizer without a limit says so with a number beyond any text. */
const NO_LIMIT = 1_000_000;
/** Their positions start behind the one that padding has. */
const SHIFTED_POSITIONS = new Set(["roberta", "xlm-roberta", "camembert", "mpnet", "longformer", "xlm-roberta-xl"]);

/**
 * Reads how a model's folder wants texts to be embedded: sentence-transformers' modules.json with its pooling,
 * normalisation, prompts and length, else the transformer's own limits.
 * @throws LensError "model" when the folder asks for something that is not built
 */
export async function textSettings(folder: HubFolder): Promise<TextSettings> {
  const { name } = folder;
  const [config, tokenizer, modules, lengths, prompts] = await Promise.all([
    jsonIn(folder, "config.json"),
    jsonIn(folder, "tokenizer_config.json"),
    listIn(folder, "modules.json"),
    jsonIn(folder, "sentence_bert_config.json"),
    jsonIn(folder, "config_sentence_transformers.json"),
  ]);
  const moduleOf = (type: string): JsonObject | undefined =>
    modules?.find((module) => stringIn(module, "type")?.endsWith(`.${type}`));
  const pooler = moduleOf("Pooling");
  const poolingConfig = await jsonIn(folder, `${stringIn(pooler ?? null, "path") ?? "1_Pooling"}/config.json`);
  const dense = moduleOf("Dense") !== undefined;
  const prefix = defaultPrompt(prompts);
  const queryPrefix = stringIn(objectIn(prompts, "prompts"), "query");
  if (poolingConfig?.["include_prompt"] === false && (prefix || queryPrefix)) {
    throw new LensError(
      "model",
      `The model ${name} leaves its prompt out of the pooling, which Embedding Lens cannot do: choose another model.`,
    );
  }
  const maxTokens = limitOf(config, tokenizer, lengths);
  return {
    // A dense layer is only part of a graph that gives the finished vector.
    dims: dense ? 0 : (numberIn(poolingConfig, "word_embedding_dimension") ?? 0),
    normalize: moduleOf("Normalize") !== undefined,
    ...(dense ? { output: "sentence_embedding" } : {}),
    ...(poolingConfig ? { pooling: poolingOf(poolingConfig, name) } : {}),
    ...(prefix ? { prefix } : {}),
    ...(queryPrefix && queryPrefix !== prefix ? { queryPrefix } : {}),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}

const MODES: Record<string, ModelCard["pooling"]> = {
  pooling_mode_cls_token: "cls",
  pooling_mode_mean_tokens: "mean",
  pooling_mode_max_tokens: "max",
  pooling_mode_lasttoken: "last",
  cls: "cls",
  mean: "mean",
  max: "max",
  lasttoken: "last",
};

/** The one mode of a Pooling module's config.json, in its old form (a flag for each) or its new one (a name). */
function poolingOf(config: JsonObject, name: string): NonNullable<ModelCard["pooling"]> {
  const named = stringIn(config, "pooling_mode");
  const asked =
    named === undefined
      ? Object.keys(config).filter((key) => key.startsWith("pooling_mode_") && config[key] === true)
      : [named];
  const mode = asked.length === 1 ? MODES[asked[0]!] : undefined;
  if (mode !== undefined) return mode;
  const list = asked.map((key) => key.replace("pooling_mode_", "").replaceAll("_", " ")).join(" and ") || "nothing";
  throw new LensError(
    "model",
    `The model ${name} pools by ${list}; Embedding Lens can pool by the mean, the first token, the last token or the maximum.`,
  );
}

/** What sentence-transformers puts before a text when it is asked for nothing else. */
function defaultPrompt(config: JsonObject | null): string | undefined {
  const name = stringIn(config, "default_prompt_name");
  return name === undefined ? undefined : stringIn(objectIn(config, "prompts"), name);
}

/** The tokens that a text may have: the least of what the folder's files say. */
function limitOf(
  config: JsonObject | null,
  tokenizer: JsonObject | null,
  lengths: JsonObject | null,
): number | undefined {
  const positions = numberIn(config, "max_position_embeddings");
  const shift = SHIFTED_POSITIONS.has(stringIn(config, "model_type") ?? "") ? 2 : 0;
  const limits = [
    numberIn(lengths, "max_seq_length"),
    numberIn(tokenizer, "model_max_length"),
    positions === undefined ? undefined : positions - shift,
  ].filter((limit): limit is number => limit !== undefined && limit >= 1 && limit < NO_LIMIT);
  return limits.length === 0 ? undefined : Math.floor(Math.min(...limits));
}
