import { createRandom } from "../../src/engine/random";
import { GraphWriter, type ElementType } from "./onnx-writer";

/** A BERT encoder's sizes. */
export interface BertShape {
  vocab: number;
  hidden: number;
  heads: number;
  layers: number;
  ffn: number;
  positions: number;
}

export interface BertLayer {
  query: Linear;
  key: Linear;
  value: Linear;
  output: Linear;
  attentionNorm: Norm;
  up: Linear;
  down: Linear;
  norm: Norm;
}
/** (inputs × outputs) row-major weights and (outputs) bias. */
export interface Linear {
  weight: Float32Array;
  bias: Float32Array;
}
export interface Norm {
  scale: Float32Array;
  bias: Float32Array;
}

export interface BertWeights {
  shape: BertShape;
  words: Float32Array;
  positions: Float32Array;
  types: Float32Array;
  norm: Norm;
  layers: BertLayer[];
}

/** Random weights from a seed, large enough that every part matters. */
export function bertWeights(shape: BertShape, seed: number): BertWeights {
  const random = createRandom(seed);
  const { vocab, hidden, ffn, positions } = shape;
  const normal = (count: number, scale: number): Float32Array =>
    Float32Array.from({ length: count }, () => scale * random.normal());
  const linear = (rows: number, cols: number): Linear => ({
    weight: normal(rows * cols, 1 / Math.sqrt(rows)),
    bias: normal(cols, 0.1),
  });
  const norm = (): Norm => ({ scale: normal(hidden, 0.1).map((v) => v + 1), bias: normal(hidden, 0.1) });
  return {
    shape,
    words: normal(vocab * hidden, 1),
    positions: normal(positions * hidden, 0.3),
    types: normal(2 * hidden, 0.3),
    norm: norm(),
    layers: Array.from({ length: shape.layers }, () => ({
      query: linear(hidden, hidden),
      key: linear(hidden, hidden),
      value: linear(hidden, hidden),
      output: linear(hidden, hidden),
      attentionNorm: norm(),
      up: linear(hidden, ffn),
      down: linear(ffn, hidden),
      norm: norm(),
    })),
  };
}

export interface BertExport {
  /** Element type of the inputs. */
  ids?: "int64" | "int32";
  tokenTypes?: boolean;
  /** Names of the outputs: the token vectors, and their masked mean when `sentence` is given. */
  tokens?: string;
  sentence?: string;
  /** MatMulInteger with activations quantised as they come, as the hub's model_quantized.onnx files do. */
  quantized?: boolean;
}

const EPSILON = 1e-12;

/** The encoder as PyTorch exports it: last_hidden_state (batch, sequence, hidden). */
export function bertModel(weights: BertWeights, options: BertExport = {}): Uint8Array {
  const { ids = "int64", tokenTypes = true, tokens = "last_hidden_state", sentence, quantized = false } = options;
  const { hidden, heads, vocab, positions, ffn } = weights.shape;
  const g = new GraphWriter();
  const int64 = (...values: number[]): string =>
    g.weight("int64", [values.length], BigInt64Array.from(values.map(BigInt)));
  const scalar = (value: number): string => g.weight("float", [], Float32Array.of(value));
  const norm = ({ scale, bias }: Norm, x: string): string =>
    g.node("LayerNormalization", [x, g.weight("float", [hidden], scale), g.weight("float", [hidden], bias)], {
      axis: 2,
      epsilon: { float: EPSILON },
    });
  const linear = ({ weight, bias }: Linear, x: string, rows: number, cols: number): string =>
    g.node("Add", [
      quantized
        ? integerProduct(g, x, weight, rows, cols)
        : g.node("MatMul", [x, g.weight("float", [rows, cols], weight)]),
      g.weight("float", [cols], bias),
    ]);

  const length = g.node("Gather", [g.node("Shape", ["input_ids"]), g.weight("int64", [], BigInt64Array.of(1n))]);
  const range = g.node("Range", [
    g.weight("int64", [], BigInt64Array.of(0n)),
    length,
    g.weight("int64", [], BigInt64Array.of(1n)),
  ]);
  const typeTable = g.weight("float", [2, hidden], weights.types);
  const types = tokenTypes
    ? g.node("Gather", [typeTable, "token_type_ids"])
    : g.node("Gather", [typeTable, g.weight("int64", [], BigInt64Array.of(0n))]);
  const words = g.node("Gather", [g.weight("float", [vocab, hidden], weights.words), "input_ids"]);
  const places = g.node("Gather", [g.weight("float", [positions, hidden], weights.positions), range]);
  let x = norm(weights.norm, g.node("Add", [g.node("Add", [words, types]), places]));

  const mask = g.node("Cast", ["attention_mask"], { to: 1 });
  const away = g.node("Mul", [g.node("Sub", [scalar(1), mask]), scalar(-3.4028234663852886e38)]);
  const bias = g.node("Unsqueeze", [away, int64(1, 2)]);
  const size = hidden / heads;
  const apart = int64(0, 0, heads, size);
  const together = int64(0, 0, hidden);
  for (const layer of weights.layers) {
    const [q, k, v] = [layer.query, layer.key, layer.value].map((part) =>
      g.node("Reshape", [linear(part, x, hidden, hidden), apart]),
    );
    const scores = g.node("MatMul", [
      g.node("Transpose", [q!], { perm: [0, 2, 1, 3] }),
      g.node("Transpose", [k!], { perm: [0, 2, 3, 1] }),
    ]);
    const scaled = g.node("Div", [scores, scalar(Math.sqrt(size))]);
    const attention = g.node("Softmax", [g.node("Add", [scaled, bias])], { axis: 3 });
    const mixed = g.node("MatMul", [attention, g.node("Transpose", [v!], { perm: [0, 2, 1, 3] })]);
    const joined = g.node("Reshape", [g.node("Transpose", [mixed], { perm: [0, 2, 1, 3] }), together]);
    x = norm(layer.attentionNorm, g.node("Add", [linear(layer.output, joined, hidden, hidden), x]));
    const up = linear(layer.up, x, hidden, ffn);
    const erf = g.node("Erf", [g.node("Div", [up, scalar(Math.SQRT2)])]);
    const gelu = g.node("Mul", [g.node("Mul", [up, g.node("Add", [erf, scalar(1)])]), scalar(0.5)]);
    x = norm(layer.norm, g.node("Add", [linear(layer.down, gelu, ffn, hidden), x]));
  }
  g.node("Identity", [x], {}, tokens);
  if (sentence !== undefined) {
    const wide = g.node("Unsqueeze", [mask, int64(2)]);
    const sum = g.node("ReduceSum", [g.node("Mul", [x, wide]), int64(1)], { keepdims: 0 });
    g.node("Div", [sum, g.node("ReduceSum", [wide, int64(1)], { keepdims: 0 })], {}, sentence);
  }
  const input = (name: string): { name: string; type: ElementType; shape: string[] } => ({
    name,
    type: ids,
    shape: ["batch", "sequence"],
  });
  return g.model(["input_ids", "attention_mask", ...(tokenTypes ? ["token_type_ids"] : [])].map(input), [
    { name: tokens, type: "float" as const, shape: ["batch", "sequence", hidden] },
    ...(sentence === undefined ? [] : [{ name: sentence, type: "float" as const, shape: ["batch", hidden] }]),
  ]);
}

/** x · W with both quantised to 8 bits, as onnxruntime's dynamic quantisation writes it. */
function integerProduct(g: GraphWriter, x: string, weight: Float32Array, rows: number, cols: number): string {
  const scale = weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
  const bytes = Int8Array.from(weight, (value) => Math.round(value / scale));
  const [q, s, zero] = g.outputs("DynamicQuantizeLinear", [x], [g.fresh(), g.fresh(), g.fresh()]);
  const product = g.node("MatMulInteger", [
    q!,
    g.weight("int8", [rows, cols], bytes),
    zero!,
    g.weight("int8", [], Int8Array.of(0)),
  ]);
  const both = g.node("Mul", [s!, g.weight("float", [], Float32Array.of(scale))]);
  return g.node("Mul", [g.node("Cast", [product], { to: 1 }), both]);
}
