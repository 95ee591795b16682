// The 20 sentences with the built-in text model: `node --import tsx bench/sentences.ts` prints the figures of docs/figures.md.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import card from "../models/glove-100d/card.json";
import { nearestNeighbors } from "../src/engine/analyze/neighbors";
import { openWords } from "../src/engine/embed/words";
import { loadItems } from "../src/engine/items/load";
import { neighborsNeeded, reduce } from "../src/engine/reduce/reduce";
import type { Matrix, StageContext } from "../src/engine/types";
import type { ModelCard } from "../src/protocol/models";
import { parseRecipe } from "../src/protocol/recipe";

const root = join(__dirname, "..");
const glove = { card: card as ModelCard, folder: join(root, "models/glove-100d") };

async function main(): Promise<void> {
  const source = { kind: "lines" as const, paths: ["media/samples/sentences.txt"] };
  const ctx = { report: () => undefined, signal: new AbortController().signal };
  const { items } = await loadItems(source, { base: root, seed: 42 }, ctx);
  const model = await openWords(glove);
  const { data } = await model.embed(items);
  const row = (i: number): Float32Array => data.subarray(i * model.dims, (i + 1) * model.dims);
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, d) => sum + value * b[d]!, 0);
  const cosine = (i: number, j: number): number =>
    dot(row(i), row(j)) / Math.sqrt(dot(row(i), row(i)) * dot(row(j), row(j)));
  const partners = items.filter((_, i) => {
    const others = items.map((_, j) => (i === j ? -2 : cosine(i, j)));
    return others.indexOf(Math.max(...others)) === (i ^ 1);
  });
  console.log(`The nearest neighbour is the partner: ${partners.length} of ${items.length}`);
  console.log(`sun/day ${cosine(0, 1).toFixed(2)}, sun/Italian ${cosine(0, 5).toFixed(2)}`);
  const matrix = { rows: items.length, cols: model.dims, data };
  console.log(`On the map, seeds 1 to 5: ${(await partnersOnMap(matrix, ctx)).join(", ")} of ${items.length}`);
  const code = threadCode();
  const times: { wall: number; cpu: number }[] = [];
  for (let i = 0; i < 7; i++) times.push(await loadingTime(code));
  const median = (of: "wall" | "cpu"): string =>
    times
      .map((time) => time[of])
      .toSorted((x, y) => x - y)[3]!
      .toFixed(0);
  console.log(`Model loaded in a fresh thread: ${median("wall")} ms, ${median("cpu")} ms of CPU time (medians of 7)`);
}

/** How many sentences have their partner among their two nearest points on the UMAP map (5 neighbours), for seeds 1 to 5. */
async function partnersOnMap(matrix: Matrix, ctx: StageContext): Promise<number[]> {
  const source = { kind: "lines", paths: ["sentences.txt"] };
  const settings = parseRecipe({ version: 1, source, model: "glove-100d", reduce: { neighbors: 5 } }).reduce;
  const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, matrix.rows), "cosine", ctx);
  const found: number[] = [];
  for (let seed = 1; seed <= 5; seed++) {
    const { x, y } = await reduce({ matrix, graph, settings, metric: "cosine", seed }, ctx);
    const map = Float32Array.from({ length: 2 * matrix.rows }, (_, i) => (i % 2 ? y : x)[i >> 1]!);
    const near = await nearestNeighbors({ rows: matrix.rows, cols: 2, data: map }, 2, "euclidean", ctx);
    found.push(graphHits(near.index));
  }
  return found;
}

const graphHits = (index: Int32Array): number =>
  Array.from({ length: index.length / 2 }, (_, i) => index.subarray(2 * i, 2 * i + 2).includes(i ^ 1)).filter(Boolean)
    .length;

/** Code of a thread that loads the model and posts the milliseconds it took, bundled as the extension is. */
function threadCode(): string {
  const contents = `
    import { parentPort } from "node:worker_threads";
    import { openWords } from "./src/engine/embed/words";
    const cpu = process.cpuUsage();
    const started = performance.now();
    void openWords(${JSON.stringify(glove)}).then(() => {
      const { user, system } = process.cpuUsage(cpu);
      parentPort.postMessage({ wall: performance.now() - started, cpu: (user + system) / 1000 });
    });`;
  const stdin = { contents, resolveDir: root, loader: "ts" as const };
  return buildSync({ stdin, bundle: true, platform: "node", write: false }).outputFiles[0]!.text;
}

function loadingTime(code: string): Promise<{ wall: number; cpu: number }> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(code, { eval: true });
    thread.once("message", resolve);
    thread.once("error", reject);
  });
}

void main();
