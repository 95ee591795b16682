import path from "node:path";
import { classOfFile } from "../../protocol/guess-source";
import type { SourceKind } from "../../protocol/recipe";

/** How the engine reads a file of rows: formats that are no text, and lists of words with their vectors, as vectors. */
export function datasetKind(file: string): Extract<SourceKind, "rows" | "vectors"> {
  return classOfFile(file) === "table" ? "rows" : "vectors";
}

/** Whether the command takes a file without being told to: a table, vectors, or a text that may be word vectors. */
export function isDataset(file: string): boolean {
  const kind = classOfFile(file);
  return kind === "table" || kind === "vectors";
}

/** Files that make one picture, as absolute paths. */
export interface Dataset {
  files: string[];
  /** The table with a row for each vector of the one file. */
  texts?: string;
}

/**
 * What several chosen files are: a file that only ever holds vectors with one table is that file and its texts, anything else one
 * dataset in several files.
 */
export function datasetOf(files: readonly string[]): Dataset {
  const bare = files.filter((file) => /\.(npy|npz|safetensors|bytes)$/i.test(file));
  const others = files.filter((file) => !bare.includes(file));
  const [texts] = others;
  return bare.length === 1 && others.length === 1 && texts !== undefined
    ? { files: bare, texts }
    : { files: [...files] };
}

/** The part of a projector's configuration that names files. */
interface ProjectorEmbedding {
  tensorPath: string;
  metadataPath?: string;
}

export const isProjectorConfig = (file: string): boolean => /config[^/\\]*\.json$/i.test(file);

/**
 * The vectors that a configuration of the Embedding Projector names, with their metadata. Only files
 * in its own folder or below are taken, never addresses.
 * @param text the configuration
 * @returns null when it is none
 */
export function projectorFiles(file: string, text: string): Dataset[] | null {
  const folder = path.dirname(file);
  const inside = (name: string): string | null => {
    const found = path.resolve(folder, name);
    return /^[a-z]+:\/\//i.test(name) || !found.startsWith(folder + path.sep) ? null : found;
  };
  const datasets = embeddingsOf(text).flatMap(({ tensorPath, metadataPath }) => {
    const tensors = inside(tensorPath);
    const metadata = metadataPath === undefined ? null : inside(metadataPath);
    return tensors === null ? [] : [{ files: [tensors], ...(metadata !== null && { texts: metadata }) }];
  });
  return datasets.length > 0 ? datasets : null;
}

function embeddingsOf(text: string): ProjectorEmbedding[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const list = (value as { embeddings?: unknown } | null)?.embeddings;
  if (!Array.isArray(list)) return [];
  return list.filter((one: Partial<ProjectorEmbedding> | null): one is ProjectorEmbedding => {
    const { tensorPath, metadataPath } = one ?? {};
    return typeof tensorPath === "string" && (metadataPath === undefined || typeof metadataPath === "string");
  });
}
