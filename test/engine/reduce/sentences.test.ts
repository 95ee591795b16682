import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecipe } from "../../../src/protocol/recipe";
import { nearestNeighbors } from "../../../src/engine/analyze/neighbors";
import { openWords } from "../../../src/engine/embed/words";
import { neighborsNeeded, reduce } from "../../../src/engine/reduce/reduce";
import { glove, root } from "../../support/glove";
import { quiet } from "../../support/numerics";
import { load } from "../../support/sources";

test("on the UMAP map of the 20 sentences at least 17 have their partner among their two nearest, for seeds 1 to 5", async () => {
  const { items } = await load(root, { kind: "lines", paths: ["media/samples/sentences.txt"] });
  const model = await openWords(glove);
  const { data } = await model.embed(items);
  const matrix = { rows: items.length, cols: model.dims, data };
  const recipe = parseRecipe({
    version: 1,
    source: { kind: "lines", paths: ["sentences.txt"] },
    model: "glove-100d",
    reduce: { neighbors: 5 },
  });
  const graph = await nearestNeighbors(matrix, neighborsNeeded(recipe.reduce, 20), "cosine", quiet);
  for (const seed of [1, 2, 3, 4, 5]) {
    const { x, y } = await reduce({ matrix, graph, settings: recipe.reduce, metric: "cosine", seed }, quiet);
    const map = { rows: 20, cols: 2, data: Float32Array.from({ length: 40 }, (_, i) => (i % 2 ? y : x)[i >> 1]!) };
    const near = await nearestNeighbors(map, 2, "euclidean", quiet);
    let found = 0;
    for (let i = 0; i < 20; i++) if (near.index.subarray(i * 2, i * 2 + 2).includes(i ^ 1)) found++;
    assert.ok(found >= 17, `seed ${seed}: ${found} of 20`);
  }
});
