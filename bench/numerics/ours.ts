// One job of the engine in a process of its own: `node ours.js JOB vectors.npy`. Bundled by ../performance.ts.
import { readFileSync } from "node:fs";
import { kmeans } from "../../src/engine/analyze/kmeans";
import { nearestNeighbors } from "../../src/engine/analyze/neighbors";
import { similarityMatrix } from "../../src/engine/analyze/similarity";
import { neighborsNeeded, reduce } from "../../src/engine/reduce/reduce";
import type { Matrix, StageContext } from "../../src/engine/types";
import { parseRecipe } from "../../src/protocol/recipe";
import { fromNpy } from "./data";

const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };
const phases: Record<string, number> = {};

/** Seconds of processor that a phase takes. */
async function phase<T>(name: string, work: () => Promise<T>): Promise<T> {
  const from = process.cpuUsage();
  const made = await work();
  const { user, system } = process.cpuUsage(from);
  phases[name] = Math.round((user + system) / 1e4) / 100;
  return made;
}

async function layOut(matrix: Matrix, method: "umap" | "tsne"): Promise<void> {
  const { reduce: settings } = parseRecipe({
    version: 1,
    source: { kind: "vectors", paths: ["a"] },
    model: "m",
    reduce: { method },
  });
  const k = neighborsNeeded(settings, matrix.rows);
  const graph = await phase("neighbours", () => nearestNeighbors(matrix, k, "euclidean", quiet));
  if (graph.recall !== undefined) phases["recall"] = graph.recall;
  await phase(method, () => reduce({ matrix, graph, settings, metric: "euclidean", seed: 42 }, quiet));
}

const JOBS: Record<string, (matrix: Matrix) => Promise<unknown>> = {
  umap: (matrix) => layOut(matrix, "umap"),
  tsne: (matrix) => layOut(matrix, "tsne"),
  study: async (matrix) => {
    await phase("k-means", () => kmeans(matrix, 10, { seed: 42, restarts: 10 }, quiet));
    await layOut(matrix, "tsne");
    await cosine(matrix);
  },
  neighbors,
  approximate,
  cosine,
  pairs: async (matrix) => {
    await neighbors(matrix);
    await cosine(matrix);
  },
};

async function approximate(matrix: Matrix): Promise<void> {
  const { recall } = await phase("neighbours", () => nearestNeighbors(matrix, 14, "euclidean", quiet));
  phases["recall"] = recall!;
}

function neighbors(matrix: Matrix): Promise<unknown> {
  return phase("neighbours", () => nearestNeighbors(matrix, 10, "euclidean", quiet));
}

function cosine(matrix: Matrix): Promise<unknown> {
  return phase("similarity", () => similarityMatrix(matrix, everyRow(matrix), "cosine", quiet));
}

const everyRow = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, i) => i);

void (async () => {
  const [job, file] = process.argv.slice(2);
  await JOBS[job!]!(fromNpy(readFileSync(file!)));
  process.stdout.write(JSON.stringify(phases));
})();
