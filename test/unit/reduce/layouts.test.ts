import assert from "node:assert/strict";
import { test } from "node:test";
import { align } from "../../../src/engine/analyze/procrustes";
import { conditionalProbabilities, jointProbabilities } from "../../../src/engine/reduce/tsne/affinity";
import { divergence } from "../../../src/engine/reduce/tsne/exact";
import { layoutsOf, recordedLayouts } from "../../support/layouts";
import { farthest } from "../../support/numerics";

const { graph, layouts: expected } = recordedLayouts();
const found = layoutsOf(graph);

const axes = (layout: number[]): Float32Array[] =>
  [0, 1].map((d) => Float32Array.from({ length: layout.length / 2 }, (_, i) => layout[2 * i + d]!));

test("a committed graph starts UMAP at the recorded places, to 1e-3 of ten", async () => {
  assert.ok(farthest((await found).start, expected.start) < 1e-3);
});

// The first steps are compared place by place; a whole layout is chaotic (a change of 1e-7 at the start turns parts of it:
// disparities of 0.03 to 0.13 were seen), so it is compared by shape and by what it leaves of its aim.
for (const name of ["umapBegin", "tsneBegin"] as const) {
  test(`${name}: the first steps on a committed graph lead to the recorded places, to 1e-3`, async () => {
    const off = farthest((await found)[name], expected[name]);
    assert.ok(off < 1e-3, `${off}`);
  });
}

for (const name of ["umap", "umapFull", "tsne"] as const) {
  test(`${name}: the layout of a committed graph has the recorded shape, to a Procrustes disparity of 0.25`, async () => {
    const { disparity } = align(axes((await found)[name]), axes(expected[name]));
    assert.ok(disparity < 0.25, `${disparity}`);
  });
}

for (const name of ["umap", "umapFull"] as const) {
  test(`${name}: neighbours in a committed graph are as far apart on the map as recorded, to 5 %`, async () => {
    const ratio = meanEdge((await found)[name]) / meanEdge(expected[name]);
    assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`);
  });
}

test("tsne: the layout of a committed graph leaves the recorded divergence, to 3 %", async () => {
  const joint = jointProbabilities(graph, conditionalProbabilities(graph, 3));
  const left = (layout: number[]): number => divergence(joint, Float64Array.from(layout), 2);
  const ratio = left((await found).tsne) / left(expected.tsne);
  assert.ok(Math.abs(ratio - 1) < 0.03, `${ratio}`);
});

function meanEdge(layout: number[]): number {
  const lengths = Array.from(graph.index, (j, at) => {
    const i = Math.floor(at / graph.k);
    return Math.hypot(layout[2 * i]! - layout[2 * j]!, layout[2 * i + 1]! - layout[2 * j + 1]!);
  });
  return lengths.reduce((sum, value) => sum + value, 0) / lengths.length;
}
