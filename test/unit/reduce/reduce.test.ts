import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecipe, type Metric, type RecipeInput } from "../../../src/protocol/recipe";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { normalizeRows } from "../../../src/engine/analyze/normalize";
import { quality } from "../../../src/engine/analyze/quality";
import { neighborsNeeded, reduce, type Reduced } from "../../../src/engine/reduce/reduce";
import type { Matrix, StageContext } from "../../../src/engine/types";
import { farthest, mixture, quiet, reference } from "../../support/numerics";

const METHODS = ["umap", "tsne", "pca"] as const;
type Settings = NonNullable<RecipeInput["reduce"]>;

async function layOut(matrix: Matrix, settings: Settings, metric: Metric = "cosine", seed = 42): Promise<Reduced> {
  const recipe = parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m", reduce: settings });
  const k = neighborsNeeded(recipe.reduce, matrix.rows);
  const graph = k > 0 ? await nearestNeighbors(matrix, k, metric, quiet) : null;
  return reduce({ matrix, graph, settings: recipe.reduce, metric, seed }, quiet);
}

const axesOf = ({ x, y, z }: Reduced): Float32Array[] => (z ? [x, y, z] : [x, y]);

for (const method of METHODS) {
  test(`${method}: a map of equal vectors says that it says nothing`, async () => {
    const equal = { rows: 40, cols: 3, data: new Float32Array(120).fill(0.5) };
    const other = { ...equal, data: equal.data.with(119, 0.6) };
    const said = async (matrix: Matrix): Promise<string> =>
      (await layOut(matrix, { method }, "cosine")).warnings.join();
    assert.match(await said(equal), /All 40 vectors are the same: their places say nothing\./);
    assert.doesNotMatch(await said(other), /the same/);
  });
}

for (const method of METHODS) {
  test(`${method}: one to five items, equal items and every metric give finite coordinates`, async () => {
    for (const dims of [2, 3] as const) {
      for (const metric of ["cosine", "euclidean", "dot"] as const) {
        for (const rows of [1, 2, 3, 4, 5, 17]) {
          const { matrix } = mixture(rows, 6);
          const equal = { rows, cols: 3, data: new Float32Array(rows * 3).fill(0.5) };
          for (const input of [matrix, equal]) {
            const map = await layOut(input, { method, dims }, metric);
            assert.equal(axesOf(map).length, dims);
            assert.equal(map.axes.length, dims);
            for (const axis of axesOf(map)) {
              assert.equal(axis.length, rows);
              assert.ok(axis.every(Number.isFinite), `${metric}, ${rows} items, ${dims} dimensions`);
            }
          }
        }
      }
    }
  });

  test(`${method}: the same seed gives the same bytes, and arrays own their buffers`, async () => {
    const { matrix } = mixture(700, 24);
    const first = await layOut(matrix, { method });
    const second = await layOut(matrix, { method });
    axesOf(first).forEach((axis, d) => {
      assert.deepEqual(axis, axesOf(second)[d]);
      assert.equal(axis.buffer.byteLength, axis.byteLength);
    });
  });
}

for (const method of ["umap", "tsne"] as const) {
  test(`${method}: clusters stay together in two and three dimensions`, async () => {
    const { matrix } = mixture(600, 40);
    for (const dims of [2, 3] as const) {
      const map = await layOut(matrix, { method, dims });
      const { trustworthiness } = await quality({ matrix, map, metric: "cosine", k: 10, seed: 1 }, quiet);
      assert.ok(trustworthiness > 0.95, `${dims} dimensions: ${trustworthiness}`);
    }
  });
}

test("what is capped is said", async () => {
  const { matrix } = mixture(8, 6);
  assert.match((await layOut(matrix, { method: "umap", neighbors: 20 })).warnings.join(), /20 neighbours.*8 items/);
  assert.deepEqual((await layOut(matrix, { method: "umap", neighbors: 15 })).warnings, [], "nobody chose the usual 15");
  assert.match(
    (await layOut(matrix, { method: "tsne", perplexity: 30 })).warnings.join(),
    /Perplexity 30.*8 items: 2\.33/,
  );
  assert.deepEqual((await layOut(matrix, { method: "umap", neighbors: 8 })).warnings, []);
});

test("that neighbours are approximate is a note and no warning, with the recall that was measured", async () => {
  const { matrix } = mixture(30, 6);
  const graph = { ...(await nearestNeighbors(matrix, 15, "cosine", quiet)), recall: 0.9789 };
  const { reduce: settings } = parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m" });
  const { warnings, notes } = await reduce({ matrix, graph, settings, metric: "cosine", seed: 1 }, quiet);
  assert.deepEqual(warnings, []);
  assert.deepEqual(notes, ["With 30 items neighbours are approximate: 97 % of the true ones, by a sample."]);
});

test("PCA has scikit-learn's components to 1e-4 and its explained variance on the axes", async () => {
  const recorded = reference();
  const map = await layOut(recorded.matrix, { method: "pca", dims: 3 }, "euclidean");
  axesOf(map).forEach((axis, d) => {
    const expected = recorded.pca.scores.filter((_, at) => at % 3 === d);
    assert.ok(farthest(axis, expected) < 1e-4, `component ${d + 1}`);
    const share = Math.round(100 * recorded.pca.explained[d]!);
    assert.equal(map.axes[d], `PC ${d + 1} (${share} %)`);
  });
});

test("a component that is lost beside one far item is told, one that there is none of is not", async () => {
  const { matrix } = mixture(100, 8);
  matrix.data.fill(1e8, 0, 8);
  assert.match(
    (await layOut(matrix, { method: "pca" }, "euclidean")).warnings.join(),
    /^PC 2 is flat: one item is so far/,
  );
  const line = { rows: 100, cols: 1, data: Float32Array.from({ length: 100 }, (_, i) => i + 1) };
  assert.deepEqual((await layOut(line, { method: "pca" }, "euclidean")).warnings, []);
  assert.deepEqual((await layOut(mixture(100, 8).matrix, { method: "pca" })).warnings, []);
});

test("PCA of tiny vectors has the components of those of usual length", async () => {
  const { matrix } = reference();
  const tiny = { ...matrix, data: matrix.data.map((value) => value * 2 ** -40) };
  const [usual, small] = [await layOut(matrix, { method: "pca", dims: 3 }, "euclidean"), await layOut(tiny, { method: "pca", dims: 3 }, "euclidean")]; // prettier-ignore
  assert.deepEqual(small.axes, usual.axes);
  axesOf(small).forEach((axis, d) => {
    assert.ok(
      farthest(
        axis.map((value) => value * 2 ** 40),
        axesOf(usual)[d]!,
      ) < 1e-4,
      `component ${d + 1}`,
    );
  });
});

for (const rows of [60, 45]) {
  test(`PCA of ${rows} rows is the same with more columns than rows, and with more rows than columns`, async () => {
    const { matrix } = mixture(rows, 40);
    const wide = { rows, cols: 1000, data: new Float32Array(rows * 1000) };
    for (let i = 0; i < rows; i++) wide.data.set(matrix.data.subarray(i * 40, (i + 1) * 40), i * 1000);
    const narrow = await layOut(matrix, { method: "pca", dims: 3 }, "euclidean");
    const padded = await layOut(wide, { method: "pca", dims: 3 }, "euclidean");
    assert.deepEqual(narrow.axes, padded.axes);
    axesOf(narrow).forEach((axis, d) => assert.ok(farthest(axis, axesOf(padded)[d]!) < 1e-4, `component ${d + 1}`));
  });
}

test("a component of less than 1 % is named with a decimal", async () => {
  // Variances of 10,000 to 36 to 0.
  const data = Float32Array.from({ length: 60 }, (_, at) => [at % 2 ? 100 : -100, at % 4 < 2 ? 6 : -6, 0][at % 3]!);
  const axes = (await layOut({ rows: 20, cols: 3, data }, { method: "pca", dims: 3 }, "euclidean")).axes;
  assert.deepEqual(axes, ["PC 1 (100 %)", "PC 2 (0.4 %)", "PC 3 (0 %)"]);
});

test("neighbours are asked for as UMAP and t-SNE count them, and a graph with fewer is refused", async () => {
  const needed = (reduceBy: Settings, count: number): number => {
    const recipe = parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m", reduce: reduceBy });
    return neighborsNeeded(recipe.reduce, count);
  };
  // UMAP's number has the item itself in it; t-SNE takes three times the perplexity, which is at most a third of the others.
  assert.deepEqual([500, 9, 1].map((count) => needed({ method: "umap", neighbors: 15 }, count)), [14, 8, 0]); // prettier-ignore
  assert.deepEqual([500, 60, 1].map((count) => needed({ method: "tsne", perplexity: 30 }, count)), [91, 59, 0]); // prettier-ignore
  const { matrix } = mixture(30, 6);
  const graph = await nearestNeighbors(matrix, 13, "cosine", quiet);
  const { reduce: settings } = parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m" });
  await assert.rejects(reduce({ matrix, graph, settings, metric: "cosine", seed: 1 }, quiet), RangeError);
});

test("t-SNE of dot products has those near each other whose product is large", async () => {
  const { matrix } = mixture(300, 20);
  const unit = normalizeRows(matrix);
  const map = await layOut(unit, { method: "tsne" }, "dot");
  const { trustworthiness } = await quality({ matrix: unit, map, metric: "dot", k: 10, seed: 1 }, quiet);
  assert.ok(trustworthiness > 0.95, `${trustworthiness}`);
});

test("no reduction gives no coordinates and needs no neighbours", async () => {
  const map = await layOut(mixture(9, 4).matrix, { method: "none" });
  assert.equal(map.x.length + map.y.length + map.axes.length, 0);
});

for (const method of ["umap", "tsne"] as const) {
  test(`${method}: a layout that forms is shown, and one that is stopped keeps what there is and says so`, async () => {
    const { matrix } = mixture(300, 10);
    const { reduce: settings } = parseRecipe({
      version: 1,
      source: { kind: "vectors", paths: ["a"] },
      model: "m",
      reduce: { method },
    });
    const graph = await nearestNeighbors(matrix, neighborsNeeded(settings, 300), "cosine", quiet);
    const seen: number[] = [];
    let last: Float32Array = new Float32Array(0);
    const show: StageContext["show"] = (done, _, columns) => {
      seen.push(done);
      last = columns().x;
    };
    const ctx: StageContext = { ...quiet, show, enough: () => seen.length === 30 };
    const map = await reduce({ matrix, graph, settings, metric: "cosine", seed: 1 }, ctx);
    assert.deepEqual(
      seen,
      Array.from({ length: 30 }, (_, i) => i),
    );
    assert.equal(map.stopped, true);
    assert.match(map.notes!.join(), /stopped after 29 of [\d,]+ steps/);
    assert.deepEqual(map.x, last);
    const whole = await reduce({ matrix, graph, settings, metric: "cosine", seed: 1 }, quiet);
    assert.equal(whole.stopped, undefined);
    assert.notDeepEqual(whole.x, map.x);
  });
}

test("a run that is cancelled stops", async () => {
  const { matrix } = mixture(300, 10);
  const stop = new AbortController();
  const ctx = { report: (done: number) => done > 3 && stop.abort(), signal: stop.signal };
  const recipe = parseRecipe({ version: 1, source: { kind: "vectors", paths: ["a"] }, model: "m" });
  const graph = await nearestNeighbors(matrix, 14, "cosine", quiet);
  await assert.rejects(reduce({ matrix, graph, settings: recipe.reduce, metric: "cosine", seed: 1 }, ctx), {
    name: "AbortError",
  });
});
