import { coordinates, csvText, exportRecipe, jsonText, npyPieces, type Content } from "../export";
import { MATRIX_JSON_LIMIT } from "../protocol/constants";
import type { Vectors } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import type { RunCommand } from "./arguments";
import { MATRIX_LIMIT, type Findings } from "./findings";
import type { Output } from "./outputs";

/** The text of the JSON output, in pieces. @throws LensError when a matrix is too large for JSON */
export async function jsonContent(command: RunCommand, findings: Findings): Promise<Iterable<string>> {
  const { result } = findings;
  checkJson(command, result.items.count, result.model.dims);
  const texts = await findings.texts();
  switch (command) {
    case "map":
      return jsonText(result, { texts });
    case "similarity":
      return jsonText(result, { texts, matrix: await findings.matrix(result.items.count) });
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

/** What an output's file is made of; charts are `chartContent`. */
export async function dataContent(
  command: RunCommand,
  { format, file }: Output & { format: "json" | "csv" | "npy" | "recipe" },
  findings: Findings,
): Promise<Content> {
  switch (format) {
    case "json":
      return jsonContent(command, findings);
    case "csv":
      return csvText(findings.result, await findings.texts());
    case "npy":
      return npyPieces(await npyMatrix(command, findings));
    case "recipe":
      return exportRecipe(findings.job.recipe, findings.job.base, file);
  }
}

/** The matrix that a command is about. */
async function npyMatrix(command: RunCommand, findings: Findings): Promise<Vectors> {
  const { result } = findings;
  switch (command) {
    case "map":
      return coordinates(result);
    case "embed":
      return findings.vectors();
    case "similarity": {
      const n = result.items.count;
      if (n > MATRIX_LIMIT) {
        const limit = MATRIX_LIMIT.toLocaleString("en-US");
        throw new LensError(
          "write",
          `A matrix of more than ${limit} items does not fit: use --sample ${MATRIX_LIMIT}.`,
        );
      }
      return { rows: n, cols: n, data: (await findings.matrix(n)).values };
    }
  }
}
