import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canonicalJson, parseRecipe } from "../../src/protocol/recipe";

const smallest = { version: 1, source: { kind: "lines", paths: ["a.txt"] }, model: "glove-100d" };
const refused = (value: unknown, message: RegExp): void => {
  assert.throws(() => parseRecipe(value), { reason: "recipe", message });
};

describe("a recipe", () => {
  test("gets the defaults of the design", () => {
    assert.deepEqual(parseRecipe(smallest), {
      ...smallest,
      metric: "cosine",
      reduce: { method: "umap", dims: 2, neighbors: 15, minDist: 0.1, perplexity: 30 },
      cluster: { method: "none", k: 10, on: "vectors" },
      seed: 42,
    });
  });

  test("that is complete comes back as it is", () => {
    const recipe = parseRecipe(smallest);
    assert.deepEqual(parseRecipe(recipe), recipe);
  });

  test("with an unknown field is refused, and the field is named", () => {
    refused({ ...smallest, colour: "red" }, /“colour” is not a field/);
    refused({ ...smallest, reduce: { neighbours: 5 } }, /“reduce.neighbours” is not a field/);
  });

  test("of a newer version is refused with the cure", () => {
    refused({ ...smallest, version: 2 }, /version 2.*Update/);
  });

  test("with values out of range is refused, and the place is named", () => {
    refused({ ...smallest, cluster: { k: 201 } }, /cluster\.k/);
    refused({ ...smallest, seed: -1 }, /seed/);
    refused({ ...smallest, source: { kind: "lines", paths: [] } }, /source\.paths/);
    refused({ ...smallest, source: { kind: "lines", paths: ["a"], ranges: [[5, 2]] } }, /ends before it starts/);
  });

  test("names columns by name or number, and null says that there is no label", () => {
    const columns = (value: unknown): unknown =>
      parseRecipe({ ...smallest, source: { kind: "rows", paths: ["a.csv"], columns: value } }).source.columns;
    assert.deepEqual(columns({ text: "question", label: 2 }), { text: "question", label: 2 });
    assert.deepEqual(columns({ label: null }), { label: null });
    assert.throws(() => columns({ text: null }), /source\.columns\.text/);
  });

  test("that is no object is refused", () => {
    for (const value of [null, 1, "x", [], undefined]) refused(value, /not valid/);
  });
});

test("canonical JSON does not depend on the order of fields and leaves out what is undefined", () => {
  assert.equal(canonicalJson({ b: 1, a: [true, null], c: undefined }), '{"a":[true,null],"b":1}');
  assert.equal(canonicalJson({ a: [true, null], b: 1 }), canonicalJson({ b: 1, a: [true, null] }));
});

test("the settings of a way of clustering are optional, and checked", () => {
  const cluster = { method: "hdbscan", k: 10, on: "map", minClusterSize: 20, minSamples: 3 };
  assert.deepEqual(parseRecipe({ ...smallest, cluster }).cluster, cluster);
  refused({ ...smallest, cluster: { eps: 0 } }, /cluster\.eps/);
  refused({ ...smallest, cluster: { minClusterSize: 1 } }, /cluster\.minClusterSize/);
  refused({ ...smallest, cluster: { linkage: "single" } }, /cluster\.linkage/);
});
