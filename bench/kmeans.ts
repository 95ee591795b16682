// k-means on the rows of a matrix beside k-means on the squared distances of all pairs, which `kmeans` chooses from by their
// size: `node --import tsx bench/kmeans.ts`. Seconds of processor, the least of three, and the inertia of both.
import { kmeansOfPairs, pairsPay } from "../src/engine/analyze/kmeans-pairs";
import { inertiaOf, kmeansOfRows, meansOf } from "../src/engine/analyze/kmeans";
import { allSquares } from "../src/engine/analyze/pairs";
import { mixture } from "./numerics/data";
import { quiet } from "../test/support/numerics";

const RESTARTS = 10;

async function timed(run: () => Promise<Int32Array>): Promise<{ seconds: number; cluster: Int32Array }> {
  let seconds = Infinity;
  let cluster: Int32Array = new Int32Array(0);
  for (let turn = 0; turn < 3; turn++) {
    const from = process.cpuUsage();
    cluster = await run();
    const { user, system } = process.cpuUsage(from);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  return { seconds, cluster };
}

async function main(): Promise<void> {
  console.log("| items | clusters | rows | pairs | ratio | inertia of pairs / of rows | taken |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const [rows, cols] of [
    [500, 384],
    [1_000, 384],
    [1_000, 4096],
    [2_000, 384],
    [2_000, 4096],
    [4_000, 384],
    [4_000, 4096],
  ] as const) {
    const { matrix } = mixture(rows, cols);
    for (const k of [2, 10, 30, 77]) {
      const options = { seed: 42, restarts: RESTARTS };
      const byRows = await timed(() => kmeansOfRows(matrix, k, options, quiet));
      const byPairs = await timed(async () => kmeansOfPairs(await allSquares(matrix, quiet), k, options, quiet));
      const inertia = ({ cluster }: { cluster: Int32Array }): number =>
        inertiaOf(matrix, cluster, meansOf(matrix, cluster, k));
      const figures = [
        `${rows}×${cols}`,
        k,
        byRows.seconds.toFixed(2),
        byPairs.seconds.toFixed(2),
        (byRows.seconds / byPairs.seconds).toFixed(1),
        (inertia(byPairs) / inertia(byRows)).toFixed(5),
        pairsPay(rows, cols) ? "pairs" : "rows",
      ];
      console.log(`| ${figures.join(" | ")} |`);
    }
  }
}

void main();
