import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutsOf, recordedLayouts, type Layouts } from "../../support/layouts";
import { farthest } from "../../support/numerics";
import { withBlurredMath } from "../../support/blurred-math";

const { graph, layouts: expected } = recordedLayouts();
const names = ["start", "umapBegin", "umap", "umapFull", "tsneBegin", "tsne"] as const satisfies (keyof Layouts)[];

/** Of layouts that reach over ten (UMAP) to a hundred (t-SNE); the recorded places have six digits. */
const TOLERANCE = 1e-3;

const here = layoutsOf(graph);
for (const name of names) {
  test(`${name}: a committed graph is laid out at the recorded places, to 1e-3`, async () => {
    const off = farthest((await here)[name], expected[name]);
    assert.ok(off < TOLERANCE, `${off}`);
  });
}

// Layouts are chaotic: were one of these differences to get through, parts of the map would turn.
for (const seed of [1, 2, 3]) {
  test(`a machine whose exp, log, pow, sin and cos differ in their last bits lays it out at the same places (${seed})`, async () => {
    const { found, calls } = await withBlurredMath(seed, () => layoutsOf(graph));
    assert.ok(calls > 10_000, `${calls} calls were changed`);
    for (const name of names) {
      const off = farthest(found[name], expected[name]);
      assert.ok(off < TOLERANCE, `${name}: ${off}`);
    }
  });
}
