import { LensError } from "../protocol/errors";
import type { AddedColumn } from "../protocol/engine";
import type { RunResult } from "../protocol/result";
import { writeBy } from "./write";

/**
 * Writes a copy of the dataset of a result with the cluster of each row as a column: -1 for noise, empty for rows that are not in the
 * result. All else stays as it is.
 * @param copy makes the copy: `engine.copy` of the result's job
 * @returns what the column is called: "cluster", or "cluster_2" where there is one
 * @throws LensError "write" or "source"; nothing is left behind
 */
export async function writeClusterCopy(
  file: string,
  { cluster, items }: Pick<RunResult, "cluster" | "items">,
  copy: (column: AddedColumn, target: string) => Promise<string>,
  signal?: AbortSignal,
): Promise<string> {
  if (cluster.length === 0) {
    throw new LensError("write", "There are no clusters to add. Choose a method of clustering first.");
  }
  const column = { name: "cluster", index: items.source, values: cluster };
  return writeBy(file, (temporary) => copy(column, temporary), signal);
}
