import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecipe } from "../../../src/protocol/recipe";
import { clusterItems } from "../../../src/engine/analyze/cluster";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { quality } from "../../../src/engine/analyze/quality";
import { similarityMatrix } from "../../../src/engine/analyze/similarity";
import { neighborsNeeded, reduce } from "../../../src/engine/reduce/reduce";
import type { Matrix } from "../../../src/engine/types";
import { mixture, quiet } from "../../support/numerics";

const ROWS = 120;
const settings = (method: "umap" | "tsne" | "pca", cluster: "kmeans" | "agglomerative" | "hdbscan" | "dbscan") =>
  parseRecipe({
    version: 1,
    source: { kind: "vectors", paths: ["a"] },
    model: "m",
    reduce: { method },
    cluster: { method: cluster },
  });

/** The same rows, the longest of them `length` long. */
function scaled(length: number): Matrix {
  const { matrix } = mixture(ROWS, 8);
  const norms = Array.from({ length: ROWS }, (_, i) => Math.hypot(...matrix.data.subarray(i * 8, (i + 1) * 8)));
  return { ...matrix, data: matrix.data.map((value) => (value / Math.max(...norms)) * length) };
}

/** Paths of the numbers in a result that are not finite. */
function notFinite(value: unknown, path: string): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [path];
  if (ArrayBuffer.isView(value))
    return [...(value as Float32Array)].flatMap((one, i) => notFinite(one, `${path}[${i}]`));
  if (typeof value !== "object" || value === null)
    return typeof value === "string" && /NaN|Infinity/.test(value) ? [path] : [];
  return Object.entries(value).flatMap(([name, one]) => notFinite(one, `${path}.${name}`));
}

for (const length of [1e17, 2e-16]) {
  test(`vectors as long as ${length} have numbers for places, clusters and figures, and the map of those of length 1`, async () => {
    const matrix = scaled(length);
    for (const metric of ["cosine", "euclidean", "dot"] as const) {
      const index = Int32Array.from({ length: ROWS }, (_, i) => i);
      assert.deepEqual(notFinite(await similarityMatrix(matrix, index, metric, quiet), metric), []);
      for (const [method, cluster] of [
        ["umap", "kmeans"],
        ["tsne", "hdbscan"],
        ["pca", "agglomerative"],
        ["pca", "dbscan"],
      ] as const) {
        const { reduce: how, cluster: groups } = settings(method, cluster);
        const run = async (rows: Matrix) => {
          const graph = await nearestNeighbors(rows, neighborsNeeded(how, ROWS), metric, quiet);
          const map = await reduce({ matrix: rows, graph, settings: how, metric, seed: 1 }, quiet);
          return { map, figures: await quality({ matrix: rows, map, metric, k: 10, seed: 1 }, quiet) };
        };
        const found = await run(matrix);
        const clusters = await clusterItems(
          {
            ...{ matrix, map: null, settings: groups, metric, seed: 1, texts: null },
            labels: Array<null>(ROWS).fill(null),
          },
          quiet,
        );
        assert.deepEqual(notFinite({ ...found, clusters }, `${metric} ${method} ${cluster}`), []);
        const usual = await run(scaled(1));
        const [ours, theirs] = [found.figures.trustworthiness, usual.figures.trustworthiness];
        assert.ok(Math.abs(ours - theirs) < 0.03, `${metric} ${method}: trust ${ours}, of length 1 ${theirs}`);
      }
    }
  });
}
