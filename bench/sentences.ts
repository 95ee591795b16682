// The 20 sentences with the built-in text model: `node --import tsx bench/sentences.ts` prints the figures of docs/figures.md.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import card from "../models/glove-100d/card.json";
import { openWords } from "../src/engine/embed/words";
import { loadItems } from "../src/engine/items/load";
import type { ModelCard } from "../src/protocol/models";

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
