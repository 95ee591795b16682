import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { quality } from "../../../src/engine/analyze/quality";
import { createRandom } from "../../../src/engine/random";
import { neighborsNeeded, reduce, type Reduced } from "../../../src/engine/reduce/reduce";
import type { Matrix } from "../../../src/engine/types";
import { parseRecipe, type RecipeInput } from "../../../src/protocol/recipe";
import { mixture, quiet } from "../../support/numerics";

async function layOut(matrix: Matrix, settings: NonNullable<RecipeInput["reduce"]>): Promise<Reduced> {
  const source = { kind: "vectors", paths: ["a"] } as const;
  const { reduce: whole } = parseRecipe({ version: 1, source, model: "m", reduce: settings });
  const graph = await nearestNeighbors(matrix, neighborsNeeded(whole, matrix.rows), "euclidean", quiet);
  return reduce({ matrix, graph, settings: whole, metric: "euclidean", seed: 42 }, quiet);
}

const axesOf = ({ x, y, z }: Reduced): Float32Array[] => (z ? [x, y, z] : [x, y]);

/** `groups` clouds so far apart that no neighbour of an item is in another cloud. */
function islands(rows: number, groups: number): Matrix {
  const { matrix } = mixture(rows, 8, { clusters: 1 });
  for (let i = 0; i < rows; i++) matrix.data[i * 8 + ((i % groups) % 8)]! += 1e4 * (1 + Math.floor((i % groups) / 8));
  return matrix;
}

/** Groups of `size` copies, or of nearly equal items. */
function groups(rows: number, size: number, spread: number): Matrix {
  const cols = 16;
  const random = createRandom(5);
  const centres = Float64Array.from({ length: Math.ceil(rows / size) * cols }, () => random.normal());
  const at = (i: number): number => centres[Math.floor(i / cols / size) * cols + (i % cols)]!;
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, (_, i) => at(i) + spread * random.normal()) };
}

// 300 and 500 items: by the whole gradient and by draws. umap-learn’s maps of such groups reach as far as 65.
for (const dims of [2, 3] as const) {
  for (const [what, spread] of [["copies", 0] as const, ["near copies", 0.02] as const]) {
    test(`umap: no group of ${what} is carried away from the others in ${dims} dimensions`, async () => {
      for (const rows of [300, 500]) {
        for (const size of [5, 12, 15, 20, 50]) {
          const map = await layOut(groups(rows, size, spread), { method: "umap", dims });
          const reach = axesOf(map).map((axis) => Math.max(...axis) - Math.min(...axis));
          assert.ok(Math.max(...reach) < 80, `${rows} items in groups of ${size} reach ${reach.join(" × ")}`);
        }
      }
    });
  }
}

// umap-learn's trustworthiness at ten neighbours is 0.967 and 0.984.
test("umap: small grids are seen as grids", async () => {
  for (const [side, least] of [
    [5, 0.967],
    [6, 0.984],
  ] as const) {
    const data = Float32Array.from({ length: 2 * side * side }, (_, at) => [Math.floor(at / 2 / side), (at >> 1) % side][at % 2]!); // prettier-ignore
    const matrix = { rows: side * side, cols: 2, data };
    const map = await layOut(matrix, { method: "umap" });
    const { trustworthiness } = await quality({ matrix, map, metric: "euclidean", k: 10, seed: 1 }, quiet);
    assert.ok(trustworthiness >= least, `${side} × ${side}: ${trustworthiness}`);
  }
});

for (const method of ["umap", "tsne"] as const) {
  for (const dims of [2, 3] as const) {
    // 300 and 600 items: UMAP by the whole gradient and by draws.
    for (const rows of [300, 600]) {
      test(`${method}: ${rows} items of a graph that falls apart keep to their islands in ${dims} dimensions`, async () => {
        const matrix = islands(rows, 5);
        const map = await layOut(matrix, { method, dims });
        assert.ok(axesOf(map).every((axis) => axis.every(Number.isFinite)));
        const place = {
          rows,
          cols: dims,
          data: Float32Array.from({ length: rows * dims }, (_, i) => axesOf(map)[i % dims]![Math.floor(i / dims)]!),
        };
        const near = await nearestNeighbors(place, 3, "euclidean", quiet);
        const strangers = near.index.filter((j, at) => j % 5 !== Math.floor(at / 3) % 5).length;
        assert.ok(strangers < 0.02 * near.index.length, `${strangers} of ${near.index.length}`);
      });
    }
  }

  test(`${method}: many duplicates, more than an item has neighbours, end up together`, async () => {
    for (const dims of [2, 3] as const) {
      const { matrix } = mixture(500, 12);
      for (let i = 0; i < 120; i++) matrix.data.copyWithin(i * 12, 0, 12);
      const map = await layOut(matrix, { method, dims });
      assert.ok(axesOf(map).every((axis) => axis.every(Number.isFinite)));
      const spread = (from: number, to: number): number =>
        axesOf(map).reduce((sum, axis) => {
          const part = [...axis.subarray(from, to)].sort((a, b) => a - b);
          return sum + part[Math.floor(part.length * 0.9)]! - part[Math.floor(part.length * 0.1)]!;
        }, 0);
      assert.ok(spread(0, 120) < 0.6 * spread(120, 500), `${spread(0, 120)} of ${spread(120, 500)}`);
    }
  });

  test(`${method}: equal items, fewer than the neighbours and more than are laid out by pairs, stay finite and apart`, async () => {
    for (const rows of [2, 4, 9, 450, 650]) {
      for (const dims of [2, 3] as const) {
        const map = await layOut({ rows, cols: 3, data: new Float32Array(rows * 3).fill(2) }, { method, dims });
        for (const axis of axesOf(map)) assert.ok(axis.every(Number.isFinite), `${rows} items, ${dims} dimensions`);
        if (rows > 2) assert.ok(new Set(map.x).size > 1, `${rows} items on one place`);
      }
    }
  });
}

test("three, four and five items keep the order of a line, by UMAP and t-SNE", async () => {
  for (const method of ["umap", "tsne"] as const) {
    for (const rows of [3, 4, 5]) {
      const matrix = { rows, cols: 2, data: Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? 0 : i * i)) };
      const map = await layOut(matrix, { method, dims: 2 });
      const { trustworthiness } = await quality({ matrix, map, metric: "euclidean", k: 1, seed: 1 }, quiet);
      assert.ok(trustworthiness >= 0.5, `${method}, ${rows} items: ${trustworthiness}`);
    }
  }
});
