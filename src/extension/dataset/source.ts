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

/**
 * Which of several files make one picture. Tables of text go together; vectors are one picture a file, and a single table chosen
 * with a single file of vectors in its folder is that file's texts.
 * @param files absolute paths
 */
export function groupsOf(files: readonly string[]): string[][] {
  const vectors = files.filter((file) => datasetKind(file) === "vectors");
  const tables = files.filter((file) => datasetKind(file) === "rows");
  const [only] = vectors;
  if (vectors.length === 1 && only !== undefined && tables.length === 1) return [[only, ...tables]];
  return [...(tables.length > 0 ? [tables] : []), ...vectors.map((file) => [file])];
}

/** The part of a projector's configuration that names files. */
interface ProjectorEmbedding {
  tensorPath: string;
  metadataPath?: string;
}

export const isProjectorConfig = (file: string): boolean => /config[^/\\]*\.json$/i.test(file);

/**
 * The files that a configuration of the Embedding Projector names, as absolute paths: vectors first, then their metadata. Only files
 * in its own folder or below are taken, never addresses.
 * @param text the configuration
 * @returns null when it is none
 */
export function projectorFiles(file: string, text: string): string[][] | null {
  const folder = path.dirname(file);
  const inside = (name: string): string | null => {
    const found = path.resolve(folder, name);
    return /^[a-z]+:\/\//i.test(name) || !found.startsWith(folder + path.sep) ? null : found;
  };
  const groups = embeddingsOf(text).flatMap(({ tensorPath, metadataPath }) => {
    const tensors = inside(tensorPath);
    const metadata = metadataPath === undefined ? null : inside(metadataPath);
    return tensors === null ? [] : [metadata === null ? [tensors] : [tensors, metadata]];
  });
  return groups.length > 0 ? groups : null;
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
