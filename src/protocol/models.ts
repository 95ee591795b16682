/** How a picture becomes the input tensor of an image model. */
export interface ImageInput {
  /** Height and width in pixels. */
  size: [number, number];
  /** "stretch" ignores the aspect ratio; "crop" covers the square and cuts the centre. */
  fit: "stretch" | "crop";
  /** With "crop": the short side is resized to this many pixels before the cut. */
  resizeTo: number;
  kernel: "nearest" | "linear" | "cubic" | "lanczos3";
  order: "rgb" | "bgr";
  /** value = (pixel × scale − mean) / std, per channel, in the order of the model. */
  scale: number;
  mean: [number, number, number];
  std: [number, number, number];
}

export interface ModelFile {
  /** File name in the model's folder, with forward slashes. */
  name: string;
  /** Absent: the file ships with the extension. */
  url?: string;
  bytes: number;
  /** Absent: pinned on the first download. */
  sha256?: string;
}

/** All there is to know about a model; models/catalog.json is a list of these. */
export interface ModelCard {
  id: string;
  /** What a person reads in a list. */
  name: string;
  /** One sentence: what it is good for. */
  about: string;
  kind: "text" | "image";
  /** Which code runs it: word vectors, a static embedder (model2vec), an ONNX graph, or that of a server. */
  runtime: "words" | "static" | "onnx" | "remote";
  dims: number;
  files: ModelFile[];
  licence: string;
  source: string;
  trainedOn: string;
  input?: ImageInput;
  /** The output tensor that is the embedding; absent: found by the rule of docs/models.md. */
  output?: string;
  pooling?: "mean" | "cls" | "last" | "max";
  normalize: boolean;
  prefix?: string;
  /** What stands before the words of a search; absent: as before any text. */
  queryPrefix?: string;
  maxTokens?: number;
  languages?: string[];
  /** An image model that embeds texts into the same space: how. */
  text?: TextSide;
  /** A model that runs on a server: which one, and what is asked of it. */
  remote?: RemoteSettings;
}

/** Whether a model makes vectors of texts or of pictures. */
export function embeds(card: ModelCard, kind: "text" | "image" | "vector"): boolean {
  if (card.kind === kind) return true;
  if (kind === "text") return card.text !== undefined;
  return kind === "image" && card.remote?.provider === "cohere" && /^embed-v([4-9]|\d\d)/.test(card.remote.model);
}

/** Whether a model is named that runs on a server. */
export const isRemoteId = (id: string): boolean => /^(cohere|openai):/.test(id);

export type RemoteProvider = "cohere" | "openai";

/** All that the vectors of a model on a server depend on, besides the text. No key. */
export interface RemoteSettings {
  provider: RemoteProvider;
  /** Base address without a slash at its end. */
  server: string;
  /** The server's name for the model. */
  model: string;
  /** Length of the vectors that is asked for; absent: the model's own. */
  dimensions?: number;
  /** Cohere: what the vectors are for. */
  input?: "search_document" | "search_query" | "classification" | "clustering";
  /** Cohere: which part of a text that is too long is left out; "NONE": it is refused. */
  truncate?: "NONE" | "START" | "END";
  /** Texts of one call at most; says nothing about the vectors. */
  batch: number;
}

/** The half of a model such as CLIP that reads texts. */
export interface TextSide {
  /** Its .onnx file, one of the card's. */
  file: string;
  output?: string;
  pooling?: NonNullable<ModelCard["pooling"]>;
  prefix?: string;
  queryPrefix?: string;
  maxTokens: number;
}

/** The card of the half of a model that reads texts; null when the model has none. A text model is its own. */
export function textSideOf(card: ModelCard): ModelCard | null {
  if (card.kind === "text") return card;
  if (card.text === undefined) return null;
  const { file, ...settings } = card.text;
  const { id, name, about, runtime, dims, licence, source, trainedOn, normalize } = card;
  const files = card.files.filter((one) => one.name.startsWith(file) || !/\.onnx/i.test(one.name));
  return { id, name, about, runtime, dims, licence, source, trainedOn, normalize, kind: "text", files, ...settings };
}

/** The model that words of a search are sent to: Cohere makes vectors of its own kind for them. */
export const queryIdOf = (id: string): string =>
  id.startsWith("cohere:") ? id.replace(/([?&]input=)search_document(?=&|$)/, "$1search_query") : id;

/** A card and whether its files are on this machine; "remote": it runs on a server. */
export interface ModelInfo {
  card: ModelCard;
  state: "builtin" | "installed" | "absent" | "remote";
  /** Bytes to download when absent. */
  bytes: number;
}

export const DEFAULT_TEXT_MODEL = "glove-100d";
export const DEFAULT_IMAGE_MODEL = "lens-tiny";
/** The sharper eye that is offered once after the first picture map with the built-in model. */
export const SHARPER_IMAGE_MODEL = "mobilenetv2";
