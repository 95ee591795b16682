// A whole t-SNE of many items by its way (grid, then tree) and by the tree alone, judged alike: figures of docs/performance.md.
//
//     npx esbuild bench/tsne-large.ts --bundle --platform=node --external:onnxruntime-* --external:sharp --outfile=dist/bench/tsne-large.js
//     node dist/bench/tsne-large.js [items]
//
// Bundled, since constants are looked up at every use when the sources run one by one.
import { nearestNeighbors } from "../src/engine/analyze/neighbors";
import { quality } from "../src/engine/analyze/quality";
import { createRandom } from "../src/engine/random";
import { conditionalProbabilities, jointProbabilities } from "../src/engine/reduce/tsne/affinity";
import { barnesHutRepulsion } from "../src/engine/reduce/tsne/barnes-hut";
import { descend, SCHEDULE } from "../src/engine/reduce/tsne/descent";
import { attraction, divergence } from "../src/engine/reduce/tsne/exact";
import { repulsionFor, tsneNeighbors, tsneStarts } from "../src/engine/reduce/tsne/tsne";
import { split } from "../src/engine/reduce/watch";
import type { StageContext } from "../src/engine/types";
import { mixture } from "./numerics/data";

const quiet: StageContext = { report: () => undefined, signal: new AbortController().signal };
const PERPLEXITY = 30;

/** Share of a sample of items that a vote of their ten nearest on the map puts into their cluster. */
function accuracy(positions: Float64Array, label: Int32Array): number {
  const count = label.length;
  const random = createRandom(7);
  let right = 0;
  for (let s = 0; s < 2_000; s++) {
    const i = random.below(count);
    const square = (j: number): number =>
      (positions[2 * i]! - positions[2 * j]!) ** 2 + (positions[2 * i + 1]! - positions[2 * j + 1]!) ** 2;
    const near: { j: number; d: number }[] = [];
    for (let j = 0; j < count; j++) {
      const d = square(j);
      if (j === i || (near.length === 10 && d >= near[9]!.d)) continue;
      near.push({ j, d });
      near.sort((p, q) => p.d - q.d);
      near.length = Math.min(near.length, 10);
    }
    const votes = new Map<number, number>();
    for (const { j } of near) votes.set(label[j]!, (votes.get(label[j]!) ?? 0) + 1);
    if ([...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0] === label[i]) right++;
  }
  return right / 2_000;
}

void (async () => {
  const count = Number(process.argv[2] ?? 25_000);
  const { matrix, label } = mixture(count, 384);
  const graph = await nearestNeighbors(matrix, tsneNeighbors(PERPLEXITY, count), "euclidean", quiet);
  const joint = jointProbabilities(graph, conditionalProbabilities(graph, PERPLEXITY));
  console.log(`${count} items, recall of the neighbours ${graph.recall ?? 1}`);
  console.log("| repulsion | divergence | trust | 10-NN accuracy | s of processor |\n| --- | --- | --- | --- | --- |");
  for (const [name, repel] of [
    ["as run: grid, then tree", repulsionFor(count, 2)],
    ["tree alone", barnesHutRepulsion(count, 2)],
  ] as const) {
    const positions = (await tsneStarts(matrix, 2, 1, quiet))();
    const from = process.cpuUsage();
    descend(positions, count, attraction(joint, 2), repel, SCHEDULE, quiet);
    const { user, system } = process.cpuUsage(from);
    const map = split(positions, 2);
    const { trustworthiness } = await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
    const figures = [divergence(joint, positions, 2), trustworthiness, accuracy(positions, label)];
    console.log(
      `| ${name} | ${figures.map((value) => value.toFixed(4)).join(" | ")} | ${((user + system) / 1e6).toFixed(1)} |`,
    );
  }
})();
