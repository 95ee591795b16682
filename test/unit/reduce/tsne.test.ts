import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { createRandom } from "../../../src/engine/random";
import { principalComponents } from "../../../src/engine/reduce/pca";
import { conditionalProbabilities, jointProbabilities } from "../../../src/engine/reduce/tsne/affinity";
import { barnesHutRepulsion } from "../../../src/engine/reduce/tsne/barnes-hut";
import { attraction, divergence, exactRepulsion, plainExactRepulsion } from "../../../src/engine/reduce/tsne/exact";
import { descend, SCHEDULE, type Repulsion } from "../../../src/engine/reduce/tsne/descent";
import { createGrid } from "../../../src/engine/reduce/tsne/grid";
import { interpolatedRepulsion } from "../../../src/engine/reduce/tsne/interpolation";
import { MortonOrder } from "../../../src/engine/reduce/tsne/morton";
import {
  EXACT_LIMIT,
  GRID_LIMIT,
  repulsionFor,
  startsFor,
  tsne,
  tsneStarts,
} from "../../../src/engine/reduce/tsne/tsne";
import { farthest, mixture, quiet, reference } from "../../support/numerics";

const recorded = reference();

async function recordedAffinities() {
  const graph = await nearestNeighbors(recorded.matrix, recorded.rows - 1, "euclidean", quiet);
  return { graph, joint: jointProbabilities(graph, conditionalProbabilities(graph, recorded.tsne.perplexity)) };
}

test("every row of conditional probabilities has the perplexity that was asked for", async () => {
  const { graph } = await recordedAffinities();
  for (const wanted of [2, 12, 35]) {
    const rows = conditionalProbabilities(graph, wanted);
    for (let i = 0; i < graph.count; i++) {
      const row = rows.subarray(i * graph.k, (i + 1) * graph.k);
      const entropy = row.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
      assert.ok(Math.abs(Math.exp(entropy) - wanted) < 1e-3 * wanted, `row ${i}: ${Math.exp(entropy)}`);
    }
  }
});

test("the search for the perplexity gives scikit-learn's probabilities of the nearest neighbours, to 1e-5", async () => {
  const { perplexity, conditional } = recorded.tsne;
  const graph = await nearestNeighbors(recorded.matrix, conditional.length / 6, "euclidean", quiet);
  const rows = conditionalProbabilities(graph, perplexity).subarray(0, conditional.length);
  assert.ok(farthest(rows, conditional) < 1e-5, `${farthest(rows, conditional)}`);
});

test("the joint probabilities are scikit-learn's to 1e-7 (of 1 in all)", async () => {
  const { joint } = await recordedAffinities();
  const dense = new Float64Array(recorded.rows ** 2);
  for (let i = 0; i < recorded.rows; i++) {
    for (let at = joint.start[i]!; at < joint.start[i + 1]!; at++)
      dense[i * recorded.rows + joint.target[at]!] = joint.value[at]!;
  }
  recorded.tsne.joint.forEach((p, at) => assert.ok(Math.abs(dense[at]! - p) < 1e-7, `${at}: ${dense[at]!} and ${p}`));
});

test("the divergence of a layout is scikit-learn's to 1e-4", async () => {
  const { joint } = await recordedAffinities();
  const value = divergence(joint, Float64Array.from(recorded.layout), 2);
  assert.ok(Math.abs(value - recorded.tsne.divergenceOfLayout) < 1e-4, `${value}`);
});

test("the layout leaves no more divergence than scikit-learn's, to 2 %", async () => {
  const { graph, joint } = await recordedAffinities();
  const { perplexity, divergence: theirs } = recorded.tsne;
  const { positions } = await tsne(recorded.matrix, graph, { dims: 2, perplexity, seed: 42 }, quiet);
  const own = divergence(joint, Float64Array.from(positions), 2);
  assert.ok(own <= theirs * 1.02, `${own} and ${theirs}`);
});

for (const dims of [2, 3] as const) {
  test(`Barnes–Hut comes within 1 % of the exact repulsion in ${dims} dimensions`, () => {
    const count = 1500;
    const random = createRandom(5);
    const positions = Float64Array.from({ length: count * dims }, () => random.normal() * 20);
    // Points on top of each other must not break the tree.
    for (let i = 0; i < 60; i++) positions.copyWithin((100 + i) * dims, 0, dims);
    const exact = new Float64Array(positions.length);
    const fast = new Float64Array(positions.length);
    const z = plainExactRepulsion(count, dims)(positions, exact);
    const fastZ = barnesHutRepulsion(count, dims)(positions, fast);
    assert.ok(Math.abs(fastZ / z - 1) < 0.01, `${fastZ} and ${z}`);
    const norm = exact.reduce((sum, value) => sum + value * value, 0);
    const off = exact.reduce((sum, value, i) => sum + (value - fast[i]!) ** 2, 0);
    assert.ok(Math.sqrt(off / norm) < 0.01, `${Math.sqrt(off / norm)}`);
  });
}

for (const dims of [2, 3] as const) {
  test(`a tree serves points that move a little, and is made anew for those that move far, in ${dims} dimensions`, () => {
    const count = 3000;
    const random = createRandom(dims);
    const positions = Float64Array.from({ length: count * dims }, () => random.normal() * 20);
    const [force, wanted] = [new Float64Array(positions.length), new Float64Array(positions.length)];
    const kept = barnesHutRepulsion(count, dims);
    for (let step = 0; step < 20; step++) {
      kept(positions, force);
      for (let at = 0; at < positions.length; at++) positions[at]! += 0.2 * random.normal();
    }
    const z = kept(positions, force);
    assert.ok(Math.abs(z / plainExactRepulsion(count, dims)(positions, wanted) - 1) < 0.01);
    const off = force.reduce((sum, value, i) => sum + (value - wanted[i]!) ** 2, 0);
    // A tree that is made for these points is off by 0.004 to 0.02.
    assert.ok(Math.sqrt(off / wanted.reduce((sum, value) => sum + value * value, 0)) < 0.03);
    positions.reverse();
    assert.equal(kept(positions, force), barnesHutRepulsion(count, dims)(positions, wanted));
    assert.deepEqual(force, wanted);
  });
}

const gridRepulsion = (count: number): Repulsion =>
  interpolatedRepulsion(createGrid(1_152, count)!, count, () => assert.fail("a tree"));

/** Points spread evenly over a square. */
const square = (count: number, dims: number, side: number): Float64Array => {
  const random = createRandom(count);
  return Float64Array.from({ length: count * dims }, () => side * random.next());
};

for (const [what, count, dims, side, expected] of [
  ["few items are all pairs", EXACT_LIMIT, 2, 40, exactRepulsion],
  ["more items are a tree", EXACT_LIMIT + 1, 2, 0.01, barnesHutRepulsion],
  ["many items are a grid", GRID_LIMIT + 1, 2, 1, gridRepulsion],
  ["many items that have unfolded stay a grid", GRID_LIMIT + 1, 2, 150, gridRepulsion],
  ["so wide a layout that a tree costs less is a tree", GRID_LIMIT + 1, 2, 400, barnesHutRepulsion],
  ["the more items, the wider a layout may be", 40_000, 2, 200, gridRepulsion],
  ["many items in three dimensions are a tree", GRID_LIMIT + 1, 3, 1, barnesHutRepulsion],
] as const) {
  test(`repulsion: ${what}`, () => {
    const positions = square(count, dims, side);
    const [force, wanted] = [new Float64Array(positions.length), new Float64Array(positions.length)];
    const z = repulsionFor(count, dims)(positions, force);
    assert.equal(z, expected(count, dims)(positions, wanted));
    assert.deepEqual(force, wanted);
  });
}

test("the fewer items, the more starts: 32 up to a hundred, 4 up to 500, then one", () => {
  const starts = [1, 49, 100, 150, 300, EXACT_LIMIT, EXACT_LIMIT + 1].map(startsFor);
  assert.deepEqual(starts, [32, 32, 32, 14, 4, 4, 1]);
});

test("a start is the principal components, the first of deviation 1e-4, with a hundredth of it in noise that a seed gives", async () => {
  const { matrix } = mixture(400, 10);
  const { scores } = await principalComponents(matrix, 2, "start", 3, quiet);
  const deviation = (values: Float64Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const scale = 1e-4 / deviation(scores[0]!);
  const startOf = async (seed: number): Promise<Float64Array> => (await tsneStarts(matrix, 2, seed, quiet))();
  const start = await startOf(3);
  for (const d of [0, 1]) {
    const noise = scores[d]!.map((value, i) => start[2 * i + d]! - value * scale);
    assert.ok(Math.abs(deviation(noise) / 1e-6 - 1) < 0.15, `axis ${d + 1}: ${deviation(noise)}`);
  }
  assert.deepEqual(await startOf(3), start);
  const other = await startOf(4);
  assert.ok(farthest(other, start) > 1e-7 && farthest(other, start) < 1e-5, `${farthest(other, start)}`);
});

test("of few items the start that leaves the least divergence is kept, and only the first is seen to form", async () => {
  const { graph, joint } = await recordedAffinities();
  const options = { dims: 2, perplexity: recorded.tsne.perplexity, seed: 5 } as const;
  const seen: number[] = [];
  const reported: number[] = [];
  const { positions, done, total } = await tsne(recorded.matrix, graph, options, {
    ...quiet,
    report: (step) => reported.push(step),
    show: (step) => seen.push(step),
  });
  const nextStart = await tsneStarts(recorded.matrix, 2, options.seed, quiet);
  const [pull, push] = [attraction(joint, 2), exactRepulsion(graph.count, 2)];
  const left = Array.from({ length: startsFor(graph.count) }, () => {
    const layout = nextStart();
    descend(layout, graph.count, pull, push, SCHEDULE, quiet);
    return divergence(joint, layout, 2);
  });
  assert.ok(new Set(left).size > 1, "the starts should differ");
  const kept = divergence(joint, Float64Array.from(positions), 2);
  assert.ok(Math.abs(kept - Math.min(...left)) < 1e-6, `${kept} of ${left.join()}`);
  assert.deepEqual([done, total], [1_000 * left.length, 1_000 * left.length]);
  assert.ok(reported.every((step, at) => at === 0 || step > reported[at - 1]!));
  assert.ok(seen.length > 0 && Math.max(...seen) < 1_000);
});

test("a run of few items that is stopped at a later start keeps the whole layout of the first", async () => {
  const { graph } = await recordedAffinities();
  const options = { dims: 2, perplexity: recorded.tsne.perplexity, seed: 5 } as const;
  const stopAt = (most: number): ReturnType<typeof tsne> => {
    let steps = 0;
    return tsne(recorded.matrix, graph, options, { ...quiet, enough: () => steps++ === most });
  };
  const first = await stopAt(1_000);
  const later = await stopAt(1_500);
  assert.deepEqual([first.done, later.done], [1_000, 1_500]);
  assert.ok(later.total > later.done);
  assert.deepEqual(later.positions, first.positions);
  assert.ok(
    first.positions.some((value) => Math.abs(value) > 1),
    "the layout should have unfolded",
  );
});

test("the learning rate is a 48th of the items, 50 at least, with the whole gradient and scikit-learn's first gain", () => {
  for (const [count, rate] of [
    [100, 50],
    [2_400, 50],
    [4_800, 100],
  ] as const) {
    const positions = new Float64Array(2 * count);
    let steps = 0;
    const pull = (_: Float64Array, force: Float64Array): void => void force.fill(1e-6);
    const push = (_: Float64Array, force: Float64Array): number => (force.fill(4e-6), 2);
    descend(positions, count, pull, push, SCHEDULE, { ...quiet, enough: () => steps++ === 1 });
    // Attraction is exaggerated by 12, repulsion over its normaliser.
    const gradient = 4 * (12 * 1e-6 - 4e-6 / 2);
    assert.ok(Math.abs(positions[0]! / (-rate * 0.8 * gradient) - 1) < 1e-9, `${count} items: ${positions[0]}`);
  }
});

test("items without clusters do not collapse into a point", async () => {
  // Nobody is nearer to anybody: exaggerated attraction has nothing to hold on to.
  const [count, k] = [1_500, 20];
  const random = createRandom(5);
  const matrix = { rows: count, cols: 3, data: Float32Array.from({ length: 3 * count }, () => random.normal()) };
  const index = Int32Array.from({ length: count * k }, () => random.below(count));
  const graph = { count, k, index, distance: new Float32Array(count * k).fill(1) };
  let steps = 0;
  const ctx = { ...quiet, enough: () => steps++ === 100 };
  const { positions } = await tsne(matrix, graph, { dims: 2, perplexity: 7, seed: 1 }, ctx);
  const xs = positions.filter((_, i) => i % 2 === 0).sort();
  assert.ok(xs[1_350]! - xs[150]! > 0.1, `${xs[150]} to ${xs[1_350]}`);
});

test("the item at the far corner is the last of the Morton order", () => {
  for (const dims of [2, 3] as const) {
    const order = new MortonOrder(5, dims);
    order.update(Float64Array.from([9, 0, 3, 7, 5].flatMap((at) => Array<number>(dims).fill(at))));
    assert.deepEqual([...order.order], [1, 2, 4, 3, 0], `${dims} dimensions`);
  }
});
