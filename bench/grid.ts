// t-SNE's repulsion by tree and by grid: `node --import tsx bench/grid.ts` prints the table of docs/performance.md:
// time of a step, and how far its forces are off the exact ones (root of the mean square, relative).
import { createRandom } from "../src/engine/random";
import { barnesHutRepulsion } from "../src/engine/reduce/tsne/barnes-hut";
import type { Repulsion } from "../src/engine/reduce/tsne/descent";
import { gridSize, interpolatedRepulsion } from "../src/engine/reduce/tsne/interpolation";

/** Items whose forces are computed from all others. */
const CHECKED = 1_000;

/** The forces on every so many items, exactly: unnormalised as those of a `Repulsion`. */
function exactForces(positions: Float64Array, step: number): Float64Array {
  const forces = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i += 2 * step) {
    const [x, y] = [positions[i]!, positions[i + 1]!];
    for (let j = 0; j < positions.length; j += 2) {
      const [dx, dy] = [x - positions[j]!, y - positions[j + 1]!];
      const square = (1 + dx * dx + dy * dy) ** 2;
      forces[i]! += dx / square;
      forces[i + 1]! += dy / square;
    }
  }
  return forces;
}

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

console.log("| items | tree ms | off by | grid | ms | off by |\n| --- | --- | --- | --- | --- | --- |");
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
  const step = count / CHECKED;
  const exact = exactForces(positions, step);
  const off = (force: Float64Array): string => {
    let error = 0;
    let norm = 0;
    for (let i = 0; i < force.length; i += 2 * step) {
      error += (force[i]! - exact[i]!) ** 2 + (force[i + 1]! - exact[i + 1]!) ** 2;
      norm += exact[i]! ** 2 + exact[i + 1]! ** 2;
    }
    return `${(100 * Math.sqrt(error / norm)).toFixed(1)} %`;
  };
  const nodes = `${gridSize(positions)}²`;
  const [treeMs, gridMs] = [tree.toFixed(0), grid.toFixed(0)];
  console.log(`| ${[count, treeMs, off(byTree), nodes, gridMs, off(byGrid)].join(" | ")} |`);
}
