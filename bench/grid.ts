// t-SNE's repulsion by tree and by grid: `node --import tsx bench/grid.ts` prints the table of docs/performance.md.
import { createRandom } from "../src/engine/random";
import { barnesHutRepulsion } from "../src/engine/reduce/tsne/barnes-hut";
import type { Repulsion } from "../src/engine/reduce/tsne/descent";
import { gridSize, interpolatedRepulsion } from "../src/engine/reduce/tsne/interpolation";

/** Milliseconds of processor of one step: the least of four. */
function time(repel: Repulsion, positions: Float64Array, force: Float64Array): number {
  let least = Infinity;
  for (let block = 0; block < 4; block++) {
    const from = process.cpuUsage();
    repel(positions, force);
    const { user, system } = process.cpuUsage(from);
    least = Math.min(least, (user + system) / 1e3);
  }
  return least;
}

console.log("| items | grid | tree ms | grid ms | difference of the forces |\n| --- | --- | --- | --- | --- |");
for (const [count, reach] of [
  [20_000, 50],
  [50_000, 70],
  [200_000, 110],
] as const) {
  const random = createRandom(1);
  const centres = Array.from({ length: 77 }, () => [random.normal() * 0.4, random.normal() * 0.4] as const);
  const positions = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const centre = centres[random.below(77)]!;
    positions[2 * i] = reach * (centre[0] + random.normal() * 0.06);
    positions[2 * i + 1] = reach * (centre[1] + random.normal() * 0.06);
  }
  const [byTree, byGrid] = [new Float64Array(2 * count), new Float64Array(2 * count)];
  const tree = time(barnesHutRepulsion(count, 2), positions, byTree);
  const grid = time(interpolatedRepulsion(count), positions, byGrid);
  const norm = byTree.reduce((sum, value) => sum + value * value, 0);
  const off = Math.sqrt(byTree.reduce((sum, value, i) => sum + (value - byGrid[i]!) ** 2, 0) / norm);
  const share = `${(100 * off).toFixed(1)} %`;
  console.log(`| ${count} | ${gridSize(positions)}² | ${tree.toFixed(0)} | ${grid.toFixed(0)} | ${share} |`);
}
