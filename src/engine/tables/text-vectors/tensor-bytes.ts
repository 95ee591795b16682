import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LensError } from "../../../protocol/errors";
import { baseName } from "../../items/paths";
import { ArrayTable } from "../arrays/array-table";
import { numberElement } from "../arrays/element";
import { stridedColumn } from "../arrays/strided";
import { isRecord } from "../json/parse";
import { openFile, type ByteSource } from "../source";
import type { Table } from "../table";

const CONFIG_LIMIT = 1 << 20;

/** What a projector's configuration says of a file of tensors. */
export interface TensorInfo {
  rows: number;
  dims: number;
  /** File name of the metadata beside it. */
  metadata: string | null;
}

/**
 * Raw little-endian float32 of the Embedding Projector. The shape comes from a configuration beside it (`*config*.json` that names
 * the file), else from the rows of its metadata.
 * @param file absolute path
 * @throws LensError "source" when the shape cannot be told
 */
export async function openTensorBytes(source: ByteSource, file: string): Promise<Table> {
  const values = source.size / 4;
  if (!Number.isInteger(values))
    throw new LensError("source", `${source.path} is not a file of float32 tensors: its size is no multiple of 4.`);
  const info = (await tensorInfo(file)) ?? (await fromMetadata(file, values));
  if (!info) {
    throw new LensError(
      "source",
      `The shape of ${source.path} cannot be told. Put its metadata TSV beside it, or a projector configuration that names it.`,
    );
  }
  if (info.rows * info.dims !== values) {
    throw new LensError(
      "source",
      `${source.path} has ${values} values, not ${info.rows} × ${info.dims} as its configuration says.`,
    );
  }
  const element = numberElement("f4", true);
  const column = stridedColumn("vector", {
    source,
    element,
    start: 0,
    rowStride: info.dims * 4,
    valueStride: 4,
    count: info.rows,
    width: info.dims,
  });
  return new ArrayTable("Embedding Projector", source, [column], info.rows, []);
}

/** What a configuration in the same folder says of this file, null when none names it. */
export async function tensorInfo(file: string): Promise<TensorInfo | null> {
  const folder = dirname(file);
  const name = baseName(file);
  for (const entry of (await readdir(folder)).filter((one) => /config.*\.json$/i.test(one)).sort()) {
    const config = await readJson(join(folder, entry));
    const embeddings = isRecord(config) && Array.isArray(config["embeddings"]) ? config["embeddings"] : [];
    for (const embedding of embeddings) {
      if (
        !isRecord(embedding) ||
        typeof embedding["tensorPath"] !== "string" ||
        baseName(embedding["tensorPath"]) !== name
      )
        continue;
      const [rows, dims] = Array.isArray(embedding["tensorShape"]) ? embedding["tensorShape"].map(Number) : [];
      const metadata = typeof embedding["metadataPath"] === "string" ? baseName(embedding["metadataPath"]) : null;
      if (rows !== undefined && dims !== undefined && rows > 0 && dims > 0) return { rows, dims, metadata };
    }
  }
  return null;
}

async function fromMetadata(file: string, values: number): Promise<TensorInfo | null> {
  const folder = dirname(file);
  const stem = baseName(file).replace(/[._-]?tensors?\.bytes$|\.bytes$/i, "");
  const names = (await readdir(folder)).filter((name) => /\.tsv$/i.test(name));
  const near = names.filter((name) => stem !== "" && name.startsWith(stem));
  for (const name of near.length > 0 ? near : names.filter((one) => /^(metadata|labels)\.tsv$/i.test(one))) {
    const { lines, columns } = await countLines(join(folder, name));
    // Metadata of one column has no header (a rule of the projector).
    for (const rows of columns > 1 ? [lines - 1, lines] : [lines, lines - 1]) {
      if (rows > 0 && values % rows === 0) return { rows, dims: values / rows, metadata: name };
    }
  }
  return null;
}

async function countLines(file: string): Promise<{ lines: number; columns: number }> {
  const source = await openFile(file);
  try {
    const bytes = Buffer.from(await source.read(0, Math.min(source.size, 1 << 28)));
    const text = bytes.toString("latin1").replace(/[\r\n]+$/, "");
    const [first = ""] = text.split("\n", 1);
    return { lines: text.split("\n").length, columns: first.split("\t").length };
  } finally {
    await source.close();
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return (await stat(file)).size > CONFIG_LIMIT ? null : (JSON.parse(await readFile(file, "utf8")) as unknown);
  } catch {
    return null;
  }
}
