import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, test } from "node:test";
import { forkEngine } from "../../src/engine/client";
import { openModelStore } from "../../src/online/models";
import type { Job } from "../../src/protocol/engine";
import { parseRecipe, type Metric } from "../../src/protocol/recipe";
import { folderOf } from "../support/sources";

const root = path.resolve(".");
const store = openModelStore({ packageRoot: root });
const engine = forkEngine({
  entry: path.join(root, "dist/engine.js"),
  host: { modelFile: (id, { signal }) => store.resolve(id, { signal }) },
});
after(() => engine.dispose());

const job: Job = {
  base: path.join(root, "media/samples"),
  recipe: parseRecipe({
    version: 1,
    source: { kind: "lines", paths: ["sentences.txt"] },
    model: "glove-100d",
  }),
};

describe("the engine process answers for every view", () => {
  test("without vectors in memory there are neither anomalies nor a network", async () => {
    assert.equal(await engine.anomalies(job, 0.95), null);
    assert.equal(await engine.network(job, { k: 3, threshold: 0 }, 100), null);
  });

  test("after a run it orders the heatmap so that pairs of sentences stand together", async () => {
    const { items, quality } = await engine.run(job);
    assert.equal(items.count, 20);
    const { kept, trustworthiness, continuity } = quality!.points!;
    for (const [points, whole] of [
      [kept!, quality!.neighborsKept],
      [trustworthiness, quality!.trustworthiness],
      [continuity, quality!.continuity],
    ] as const) {
      assert.equal(points.length, 20);
      const mean = points.reduce((sum, value) => sum + value, 0) / 20;
      assert.ok(Math.abs(mean - whole) < 1e-4, `${mean} ${whole}`);
    }
    const order = [...(await engine.order(job, 100))];
    assert.equal(new Set(order).size, 20);
    const together = order.filter((item, at) => order[at - 1] === (item ^ 1) || order[at + 1] === (item ^ 1));
    assert.ok(together.length >= 14, `${together.length} of 20 stand beside their partner: ${order.join(" ")}`);
  });

  test("and finds near-duplicates by the threshold that is asked for, and the network", async () => {
    const strict = await engine.anomalies(job, 0.999);
    assert.deepEqual(strict?.duplicates, []);
    const loose = await engine.anomalies(job, 0.9);
    assert.ok(loose && loose.duplicates.length > 0);
    assert.ok(loose.duplicates.some(({ items: [a, b] }) => (a! ^ 1) === b));
    const network = await engine.network(job, { k: 3, threshold: 0 }, 100);
    assert.ok(network && network.source.length >= 30 && network.x.length === 20);
  });
});

test("a vector of zeros comes and goes with the metric of a run, and questions are about the run's items", async (t) => {
  const rows = ["[0,0,0]", ...Array.from({ length: 9 }, (_, i) => `[${i + 1},1,${i % 3}]`)];
  const base = folderOf(t, { "t.jsonl": rows.map((v, i) => `{"name":"n${i}","v":${v}}`).join("\n") });
  const jobOf = (metric: Metric): Job => {
    const source = { kind: "rows", paths: ["t.jsonl"], columns: { vector: "v", map: null } } as const;
    return { base, recipe: parseRecipe({ version: 1, source, model: "glove-100d", metric }) };
  };
  for (const [metric, count] of [
    ["cosine", 9],
    ["euclidean", 10],
    ["cosine", 9],
  ] as const) {
    const { items, skipped } = await engine.run(jobOf(metric));
    assert.deepEqual([items.count, items.source.length, skipped.length], [count, count, 10 - count]);
    assert.equal(items.place[0], 11 - count);
  }
  for (const [metric, count] of [
    ["cosine", 9],
    ["euclidean", 10],
  ] as const) {
    // Of one run the questions by either metric have their own items.
    assert.equal((await engine.anomalies(jobOf(metric), 0.95))?.k, count - 1);
    assert.equal((await engine.vectors(jobOf(metric))).rows, count);
    assert.equal((await engine.network(jobOf(metric), { k: 2, threshold: -1 }, 100))?.total, count);
  }
});
