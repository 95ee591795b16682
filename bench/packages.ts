// Our UMAP and k-means beside umap-js and ml-kmeans, processor time and quality in one run: `node --import tsx bench/packages.ts [ROWS]`.
// The packages are what tests compare with (test/engine/reduce/packages.test.ts); the own code is there because of these ratios.
import { kmeans } from "../src/engine/analyze/kmeans";
import { nearestNeighbors } from "../src/engine/analyze/neighbors";
import { quality } from "../src/engine/analyze/quality";
import { reduce } from "../src/engine/reduce/reduce";
import { quiet } from "../test/support/numerics";
import { mlKMeansInertia, umapJs } from "../test/support/packages";
import { mixture } from "./numerics/data";

const rows = Number(process.argv[2] ?? 2_000);
const COLS = 384;
const metric = "cosine";

async function timed<T>(work: () => T | Promise<T>): Promise<{ seconds: number; value: T }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, value };
}

async function main(): Promise<void> {
  const { matrix } = mixture(rows, COLS);
  const graph = await nearestNeighbors(matrix, 14, metric, quiet);
  const settings = { method: "umap", dims: 2, neighbors: 15, minDist: 0.1, perplexity: 30 } as const;
  const trust = async (map: { x: Float32Array; y: Float32Array }): Promise<string> =>
    (await quality({ matrix, map, metric, k: 10, seed: 1 }, quiet)).trustworthiness.toFixed(3);
  const own = await timed(() => reduce({ matrix, graph, settings, metric, seed: 1 }, quiet));
  const theirs = await timed(() => umapJs(matrix, graph, { seed: 1, epochs: 500 }));
  print("UMAP of given neighbours, 500 epochs", own.seconds, "umap-js", theirs.seconds, [
    `trustworthiness ${await trust(own.value)} and ${await trust(theirs.value)}`,
  ]);
  const clusters = await timed(() => kmeans(matrix, 10, { seed: 1, restarts: 10 }, quiet));
  const packaged = await timed(() => mlKMeansInertia(matrix, 10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  print("k-means, 10 clusters, 10 restarts", clusters.seconds, "ml-kmeans", packaged.seconds, [
    `inertia ${clusters.value.inertia.toFixed(0)} and ${packaged.value.toFixed(0)}`,
  ]);
}

function print(what: string, ours: number, name: string, theirs: number, more: string[]): void {
  const times = `${ours.toFixed(2)} s, ${name} ${theirs.toFixed(2)} s: ${(theirs / ours).toFixed(1)} times faster`;
  console.log(`${what}, ${rows} × ${COLS}: ${[times, ...more].join("; ")}`);
}

void main();
