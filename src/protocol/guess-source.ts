import {
  BINARY_EXTENSIONS,
  IMAGE_EXTENSIONS,
  TABLE_EXTENSIONS,
  TEXT_EXTENSIONS,
  UNREADABLE_IMAGE_EXTENSIONS,
  WORD_VECTOR_EXTENSIONS,
} from "./constants";
import type { SourceKind } from "./recipe";

/** What a file is for us, by its name alone. */
export type FileClass = "recipe" | "image" | "text" | "table" | "vectors" | "unknown";

/** Files that hold ready vectors, or tables in a binary format. */
export const VECTOR_EXTENSIONS = [
  ...BINARY_EXTENSIONS,
  ...WORD_VECTOR_EXTENSIONS,
  ".pq",
  ".ipc",
  ".arrows",
  ".hdf",
  ".xlsm",
  ".xls",
] as const;

const ends = (name: string, extensions: readonly string[]): boolean => extensions.some((end) => name.endsWith(end));

/** The class of a file. Names differ in case only: "IMG.JPG" is a picture. */
export function classOfFile(path: string): FileClass {
  const name = path.toLowerCase();
  if (name.endsWith(".lens.json")) return "recipe";
  if (ends(name, IMAGE_EXTENSIONS) || ends(name, UNREADABLE_IMAGE_EXTENSIONS)) return "image";
  if (ends(name, TABLE_EXTENSIONS)) return "table";
  if (ends(name, VECTOR_EXTENSIONS)) return "vectors";
  return ends(name, TEXT_EXTENSIONS) ? "text" : "unknown";
}

/** A source as far as it must be known to guess its kind. */
export type SourceShape =
  { path: string; folder: false } | { path: string; folder: true; images: number; texts: number };

/** The kind of one source: a folder is what it holds more of; a file of an unknown name is read as lines. Null: an empty folder. */
export function guessKind(shape: SourceShape): Exclude<SourceKind, "paragraphs"> | null {
  if (shape.folder) {
    if (shape.images + shape.texts === 0) return null;
    return shape.images >= shape.texts ? "images" : "files";
  }
  switch (classOfFile(shape.path)) {
    case "image":
      return "images";
    case "table":
    case "recipe":
      return "rows";
    case "vectors":
      return "vectors";
    case "text":
    case "unknown":
      return "lines";
  }
}
