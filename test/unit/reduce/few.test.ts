import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { createRandom } from "../../../src/engine/random";
import { umapStart } from "../../../src/engine/reduce/start";
import { fitCurve } from "../../../src/engine/reduce/umap/curve";
import { layOutFew, trialOf } from "../../../src/engine/reduce/umap/few";
import { optimizeFully } from "../../../src/engine/reduce/umap/full";
import { fuzzyGraph, type WeightedGraph } from "../../../src/engine/reduce/umap/fuzzy";
import { umapLoss } from "../../../src/engine/reduce/umap/loss";
import { mixture, quiet } from "../../support/numerics";

const epochs = 500;
const curve = fitCurve(0.1);
const options = { epochs, curve, seed: 7 };

async function fewOf(rows: number): Promise<{ graph: WeightedGraph; axes: Float64Array[] }> {
  const { matrix } = mixture(rows, 12, { spread: 1.5 });
  const graph = fuzzyGraph(await nearestNeighbors(matrix, 6, "euclidean", quiet));
  const axes = [0, 1].map((d) => Float64Array.from({ length: rows }, (_, i) => matrix.data[i * 12 + d]!));
  return { graph, axes };
}

/** The layouts from starts of each reach, with the noise of the seed. */
function layoutsOf(axes: Float64Array[], graph: WeightedGraph): Float32Array[] {
  const random = createRandom(options.seed, 0x57a);
  return [10, 3, 6, 20].map((reach) => {
    const positions = umapStart(axes, random, reach);
    optimizeFully(positions, 2, graph, { epochs, curve, onEpoch: () => true });
    return positions;
  });
}

test("of up to 100 items the layout is that with the least loss of the whole layouts from each start", async () => {
  const chosen = new Set<number>();
  for (const rows of [20, 40, 60, 80]) {
    const { graph, axes } = await fewOf(rows);
    const layouts = layoutsOf(axes, graph);
    const losses = layouts.map((positions) => umapLoss(positions, 2, graph, curve));
    const { positions, done, total } = layOutFew(axes, null, graph, options, quiet);
    const best = losses.indexOf(Math.min(...losses));
    assert.deepEqual(positions, layouts[best], `${rows}: ${losses.join(" ")}`);
    assert.deepEqual([done, total], [2_000, 2_000]);
    chosen.add(best);
  }
  assert.ok(chosen.size > 1, "a set where always the same start is best would prove nothing");
});

test("of more items the start is chosen after a part of the epochs, and led to the end", async () => {
  assert.deepEqual(
    [20, 100, 125, 200, 300, 400].map((count) => trialOf(count, epochs)),
    [500, 500, 320, 125, 100, 100],
  );
  const { graph, axes } = await fewOf(300);
  const { positions, done, total } = layOutFew(axes, null, graph, options, quiet);
  assert.deepEqual([done, total], [800, 800]);
  assert.equal(layoutsOf(axes, graph).filter((layout) => layout.every((value, i) => value === positions[i])).length, 1);
});

test("a start that is made of other coordinates is chosen where it is better, be it by little", async () => {
  const chosen: boolean[] = [];
  let least = Infinity;
  for (const rows of [20, 25, 30, 35, 40, 50, 60, 80]) {
    const { graph, axes } = await fewOf(rows);
    const others = axes.map((axis) => axis.map((value, i) => (i % 3 === 0 ? -value : value)));
    const random = createRandom(options.seed, 0x57a);
    const starts = [10, 3, 6, 20].map((reach) => umapStart(axes, random, reach));
    const losses = [...starts, umapStart(others, random, 10)].map((positions) => {
      optimizeFully(positions, 2, graph, { epochs, curve, onEpoch: () => true });
      return { positions, loss: umapLoss(positions, 2, graph, curve) };
    });
    const { positions, done, total } = layOutFew(axes, others, graph, options, quiet);
    assert.deepEqual([done, total], [2_500, 2_500]);
    const [best, second] = [...losses].sort((p, q) => p.loss - q.loss);
    assert.deepEqual(positions, best!.positions, `${rows}`);
    chosen.push(best === losses[4]);
    if (best !== losses[0]) least = Math.min(least, second!.loss / best!.loss - 1);
  }
  assert.ok(chosen.includes(true) && chosen.includes(false), chosen.join());
  assert.ok(least < 0.001, `where starts are near to each other is not seen: ${least}`);
});

test("a start that is better only by the last bits is not taken", () => {
  // Four items that are all tied to each other end as the same square, wherever they started.
  const graph = {
    count: 4,
    start: Int32Array.of(0, 3, 6, 9, 12),
    target: Int32Array.of(1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2),
    weight: new Float32Array(12).fill(1),
  };
  for (let set = 0; set < 8; set++) {
    const random = createRandom(set);
    const axes = [0, 1].map(() => Float64Array.from({ length: 4 }, () => random.normal()));
    assert.deepEqual(layOutFew(axes, null, graph, options, quiet).positions, layoutsOf(axes, graph)[0]);
  }
});

test("only the first and the chosen start are seen to form, and steps are counted to the end", async () => {
  const { graph, axes } = await fewOf(300);
  const shown: number[] = [];
  const reported: number[] = [];
  layOutFew(axes, null, graph, options, {
    ...quiet,
    report: (done, total) => (assert.equal(total, 800), reported.push(done)),
    show: (done) => shown.push(done),
  });
  assert.ok(reported.every((done, i) => i === 0 || done >= reported[i - 1]!));
  assert.ok(shown.every((done) => done < 100 || done >= 400));
  assert.ok(shown.includes(99) && shown.includes(400) && shown.includes(799));
});

test("a layout that is stopped is the best that there was", async () => {
  const { graph, axes } = await fewOf(300);
  const stopAfter = (steps: number): Float32Array => {
    let left = steps;
    const { positions, done, total } = layOutFew(axes, null, graph, options, { ...quiet, enough: () => left-- === 0 });
    assert.deepEqual([done, total], [steps, 800]);
    return positions;
  };
  const random = createRandom(options.seed, 0x57a);
  const tries = [10, 3, 6, 20].map((reach) => umapStart(axes, random, reach));
  assert.deepEqual(stopAfter(0), tries[0]);
  for (const positions of tries) {
    optimizeFully(positions, 2, graph, { epochs, curve, onEpoch: (epoch) => epoch < 100 });
  }
  assert.deepEqual(stopAfter(150), tries[0], "in the second start: the first");
  const losses = tries.map((positions) => umapLoss(positions, 2, graph, curve));
  assert.deepEqual(stopAfter(400), tries[losses.indexOf(Math.min(...losses))], "after all starts: the best");
});

for (const dims of [2, 3] as const) {
  test(`the loss falls along the steps of the whole gradient in ${dims} dimensions`, () => {
    // A ring: all items have the same degree, for which the pushes of two items on each other are equal.
    const count = 12;
    const target = Int32Array.from({ length: 2 * count }, (_, at) => ((at >> 1) + (at % 2 ? 1 : count - 1)) % count);
    const start = Int32Array.from({ length: count + 1 }, (_, i) => 2 * i);
    const graph = { count, start, target, weight: new Float32Array(2 * count).fill(0.5) };
    const random = createRandom(3);
    const places = Float32Array.from({ length: count * dims }, () => 4 * random.next());
    // Of the first item, which is moved before the others: a hundredth of the usual step.
    const moved = places.slice();
    optimizeFully(moved, dims, graph, { epochs: 100, from: 99, curve, onEpoch: () => true }, false);
    for (let d = 0; d < dims; d++) {
      const lossAt = (by: number): number => {
        const there = places.slice();
        there[d]! += by;
        return umapLoss(there, dims, graph, curve);
      };
      const slope = (lossAt(0.005) - lossAt(-0.005)) / 0.01;
      const step = (moved[d]! - places[d]!) / (0.1 / 100);
      assert.ok(Math.abs(step + slope) < 0.02 * Math.abs(slope) + 0.01, `axis ${d}: ${step} against ${-slope}`);
    }
  });
}
