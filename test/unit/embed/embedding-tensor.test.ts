import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { embeddingTensor, withEmbedding } from "../../../src/engine/embed/embedding-tensor";
import { readGraph } from "../../../src/engine/embed/onnx-graph";
import { GraphWriter, type Value } from "../../support/onnx-writer";

const PICTURE: Value = { name: "picture", type: "float", shape: ["batch", 3, 8, 8] };
const output = (name: string, ...shape: (number | string)[]): Value => ({ name, type: "float", shape });
const weights = new Float32Array(30);

/** A graph whose nodes `build` writes. */
function graphOf(build: (graph: GraphWriter) => void, outputs: Value[]): Uint8Array {
  const graph = new GraphWriter();
  build(graph);
  return graph.model([PICTURE], outputs);
}

const classifier = (pool: (graph: GraphWriter) => string) =>
  graphOf(
    (graph) => {
      const flat = graph.node("Flatten", [pool(graph)]);
      graph.node("Gemm", [flat, graph.weight("float", [3, 10], weights)], {}, "logits");
    },
    [output("logits", "batch", 10)],
  );
const tensorOf = (model: Uint8Array, wanted?: string) => embeddingTensor(readGraph(model), wanted);

describe("which tensor is the embedding", () => {
  test("the output that the card names comes first", () => {
    const model = graphOf(
      (graph) => graph.node("Identity", ["picture"], {}, "features"),
      [output("features", "batch", 3), output("other", "batch", 5)],
    );
    assert.equal(tensorOf(model, "other").fetch, "other");
  });

  test("a named output that is not there is said, with those that are", () => {
    const model = graphOf((graph) => graph.node("Identity", ["picture"], {}, "features"), [output("features", 1, 3)]);
    assert.throws(() => tensorOf(model, "feats"), { reason: "model", message: /“feats”.*“features”/ });
  });

  test("a known name wins over the scores of a classifier", () => {
    const model = graphOf(
      (graph) => graph.node("Identity", ["picture"], {}, "image_embeds"),
      [output("logits", "batch", 10), output("image_embeds", "batch", 3)],
    );
    assert.deepEqual(tensorOf(model), { fetch: "image_embeds", name: "image_embeds", added: [] });
  });

  test("of a classifier it is the global pool, not the scores", () => {
    const tensor = tensorOf(classifier((graph) => graph.node("GlobalAveragePool", ["picture"], {}, "pool")));
    assert.equal(tensor.name, "pool");
    assert.deepEqual(
      tensor.added.map(({ op, inputs }) => [op, inputs]),
      [["Flatten", ["pool"]]],
    );
  });

  for (const axes of [
    [2, 3],
    [-1, -2],
  ]) {
    test(`a mean over the axes ${axes.join(" and ")} is a global pool`, () => {
      const tensor = tensorOf(classifier((graph) => graph.node("ReduceMean", ["picture"], { axes }, "mean")));
      assert.equal(tensor.name, "mean");
    });
  }

  test("a mean over the channels is not", () => {
    const tensor = tensorOf(classifier((graph) => graph.node("ReduceMean", ["picture"], { axes: [1] }, "mean")));
    assert.deepEqual(tensor, { fetch: "logits", name: "logits", added: [] });
  });

  test("activations, a bias and a softmax between pool and scores are seen through", () => {
    const model = graphOf(
      (graph) => {
        const pool = graph.node("GlobalAveragePool", ["picture"], {}, "pool");
        const shape = graph.weight("int64", [2], BigInt64Array.of(0n, -1n));
        const hidden = graph.node("MatMul", [
          graph.node("Reshape", [pool, shape]),
          graph.weight("float", [3, 10], weights),
        ]);
        const biased = graph.node("Add", [graph.weight("float", [10], weights.subarray(0, 10)), hidden]);
        graph.node("Softmax", [graph.node("HardSwish", [biased])], {}, "scores");
      },
      [output("scores", "batch", 10)],
    );
    assert.equal(tensorOf(model).name, "pool");
  });

  test("a quantised pool is turned back into real numbers with its own scale and zero point", () => {
    const model = classifier((graph) =>
      graph.node("QLinearGlobalAveragePool", ["picture", "xs", "xz", "ys", "yz"], {}, "pool"),
    );
    assert.deepEqual(
      tensorOf(model).added.map(({ op, inputs }) => [op, inputs[0], inputs.slice(1)]),
      [
        ["DequantizeLinear", "pool", ["ys", "yz"]],
        ["Flatten", "embedding_lens_features_real", []],
      ],
    );
  });

  test("a pool without a matrix product after it is the output itself", () => {
    const model = graphOf(
      (graph) => graph.node("Flatten", [graph.node("GlobalAveragePool", ["picture"])], {}, "vector"),
      [output("vector", "batch", 3)],
    );
    assert.deepEqual(tensorOf(model), { fetch: "vector", name: "vector", added: [] });
  });

  test("without a rank-2 output one of 1 × 1 pixels is taken", () => {
    const model = graphOf(
      (graph) => graph.node("GlobalAveragePool", ["picture"], {}, "pooled"),
      [output("pooled", "batch", 3, 1, 1)],
    );
    assert.equal(tensorOf(model).fetch, "pooled");
  });

  test("a model that gives maps of pixels only is refused, with its outputs", () => {
    const model = graphOf((graph) => graph.node("Relu", ["picture"], {}, "map"), [output("map", "batch", 3, 8, 8)]);
    assert.throws(() => tensorOf(model), {
      reason: "model",
      message: /no output that is one vector per picture.*“map”/,
    });
  });

  test("several rank-2 outputs of unknown names must be named", () => {
    const model = graphOf((graph) => graph.node("Relu", ["picture"], {}, "a"), [output("a", 1, 3), output("b", 1, 3)]);
    assert.throws(() => tensorOf(model), { message: /“a”, “b”.*name one/ });
  });

  test("the tap is appended: the model's own bytes stay as they are, and readers merge both parts", () => {
    const model = classifier((graph) => graph.node("GlobalAveragePool", ["picture"], {}, "pool"));
    const tapped = withEmbedding(model, tensorOf(model));
    assert.deepEqual(tapped.subarray(0, model.length), model);
    assert.ok(tapped.length - model.length < 400);
    const before = readGraph(model);
    const after = readGraph(tapped);
    assert.deepEqual(
      after.outputs.map(({ name }) => name),
      ["logits", "embedding_lens_features"],
    );
    assert.deepEqual(after.nodes.slice(0, -1), before.nodes);
    assert.deepEqual(after.nodes.at(-1), {
      op: "Flatten",
      inputs: ["pool"],
      outputs: ["embedding_lens_features"],
      ints: new Map(),
    });
  });
});
