import { jsonLines } from "../export/tables/jsonl";
import { projectorFiles } from "../export/tables/projector";
import { resultTable, type ExportTable } from "../export/tables/columns";
import { coordinates, csvText, exportRecipe, jsonText, npyPieces, npySimilarity, type Content } from "../export";
import { MATRIX_JSON_LIMIT } from "../protocol/constants";
import { LensError } from "../protocol/errors";
import type { RunCommand } from "./arguments";
import { MATRIX_LIMIT, type Findings } from "./findings";
import type { Output } from "./outputs";

/** The text of the JSON output, in pieces. @throws LensError when a matrix is too large for JSON */
export async function jsonContent(command: RunCommand, findings: Findings): Promise<Iterable<string>> {
  const { items, model } = findings.result;
  checkJson(command, items.count, model.dims);
  const result = await findings.withDataset();
  const texts = await findings.texts();
  switch (command) {
    case "map":
      return jsonText(result, { texts });
    case "similarity":
      return jsonText(result, { texts, matrix: await findings.matrix(items.count) });
    case "embed":
      return jsonText(result, { texts, vectors: await findings.vectors() });
  }
}

/** @throws LensError "write" with the way out: .npy */
function checkJson(command: RunCommand, count: number, dims: number): void {
  const numbers = command === "similarity" ? count * count : command === "embed" ? count * dims : 0;
  if (numbers <= MATRIX_JSON_LIMIT ** 2) return;
  const what = command === "similarity" ? "The matrix" : "The vectors";
  throw new LensError(
    "write",
    `${what} of ${count.toLocaleString("en-US")} items are too many numbers for JSON: use --out NAME.npy.`,
  );
}

export type DataFormat = Exclude<Output["format"], "html" | "svg" | "png">;

/** What an output's file is made of; charts are `chartContent`. */
export async function dataContent(
  command: RunCommand,
  { format, file }: Output & { format: DataFormat },
  findings: Findings,
): Promise<Content> {
  switch (format) {
    case "json":
      return jsonContent(command, findings);
    case "csv":
      return csvText(await findings.withDataset(), await findings.texts());
    case "npy":
      return npyContent(command, findings);
    case "recipe":
      return exportRecipe(findings.job.recipe, findings.job.base, file);
    case "jsonl":
      return jsonLines(await tableOf(command, findings));
    case "tsv":
      return projectorFiles(await tableOf(command, findings)).tensors;
    case "parquet":
    case "arrow": {
      const { arrowFile, parquetFile } = await import("../export/tables");
      const table = await tableOf(command, findings);
      return format === "arrow" ? arrowFile(table) : parquetFile(table);
    }
  }
}

/** The file of texts that belongs to the vectors of a projector: "out.tsv" → "out_metadata.tsv". */
export async function metadataFile(
  { format, name, file }: Output,
  findings: Findings,
): Promise<{ name: string; file: string; content: Content } | null> {
  if (format !== "tsv") return null;
  const other = (path: string): string => path.replace(/\.tsv$/i, "_metadata.tsv");
  const { metadata } = projectorFiles(await tableOf("embed", findings));
  return { name: other(name), file: other(file), content: metadata };
}

/** The items as a table; those of `embed` with their vectors. */
async function tableOf(command: RunCommand, findings: Findings): Promise<ExportTable> {
  const vectors = command === "embed" ? await findings.vectors() : null;
  return resultTable(await findings.withDataset(), { texts: await findings.texts(), vectors });
}

/** The matrix that a command is about. */
async function npyContent(command: RunCommand, findings: Findings): Promise<Iterable<Uint8Array>> {
  const { result } = findings;
  switch (command) {
    case "map":
      return npyPieces(coordinates(result));
    case "embed":
      return npyPieces(await findings.vectors());
    case "similarity": {
      const n = result.items.count;
      if (n > MATRIX_LIMIT) {
        const limit = MATRIX_LIMIT.toLocaleString("en-US");
        throw new LensError(
          "write",
          `A matrix of more than ${limit} items does not fit: use --sample ${MATRIX_LIMIT}.`,
        );
      }
      return npySimilarity(await findings.matrix(n));
    }
  }
}
