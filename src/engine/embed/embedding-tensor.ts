import { LensError } from "../../protocol/errors";
import { appendOutput, type GraphNode, type GraphValue, type NewNode, type OnnxGraph } from "./onnx-graph";

/** Which tensor of a graph is the embedding. */
export interface EmbeddingTensor {
  /** The graph's output to fetch. */
  fetch: string;
  /** What a person is told: the tensor's name in the model. */
  name: string;
  /** The output has one vector for each token of the picture: (1 × tokens × dims). */
  tokens?: boolean;
  /** Nodes to append so that `fetch` becomes an output; empty when it is one already. */
  added: NewNode[];
}

const KNOWN_NAMES = [
  "features",
  "embeddings",
  "image_embeds",
  "text_embeds",
  "sentence_embedding",
  "pooler_output",
] as const;

/** What may stand between a global pool and the scores of a classifier; each passes on its first computed input. */
const HEAD = new Set([
  ...["Gemm", "MatMul", "QGemm", "QLinearMatMul", "MatMulInteger", "Add", "QLinearAdd", "Mul", "Cast", "Dropout"],
  ...["Flatten", "Reshape", "Squeeze", "Identity", "Softmax", "LogSoftmax", "QLinearSoftmax"],
  ...["Relu", "Clip", "HardSwish", "HardSigmoid", "Sigmoid", "Tanh", "Gelu", "BatchNormalization"],
  ...["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"],
]);
const MULTIPLIES = new Set(["Gemm", "MatMul", "QGemm", "QLinearMatMul", "MatMulInteger"]);

/**
 * Finds the embedding by the rule of docs/models.md: the named output; an output with a known name; the global pool
 * before the classifier whose scores are the only rank-2 output; that rank-2 output; a rank-4 output of 1 × 1 pixels; the
 * vectors of tokens, as a vision transformer without a pooler has them.
 * @param wanted the output that the card or the user names
 * @throws LensError "model" when there is none
 */
export function embeddingTensor(graph: OnnxGraph, wanted?: string): EmbeddingTensor {
  const names = graph.outputs.map(({ name }) => name);
  if (wanted !== undefined) {
    const tokens = graph.outputs.find(({ name }) => name === wanted)?.shape?.length === 3;
    if (names.includes(wanted)) return { fetch: wanted, name: wanted, ...(tokens && { tokens }), added: [] };
    throw new LensError("model", `The model has no output “${wanted}”; it has ${quoted(names)}.`);
  }
  const known = KNOWN_NAMES.find((name) => names.includes(name));
  if (known !== undefined) return { fetch: known, name: known, added: [] };

  const flat = graph.outputs.filter(({ shape }) => shape?.length === 2);
  const [scores] = flat;
  if (scores !== undefined && flat.length === 1) {
    const pool = poolBefore(graph, scores.name);
    return pool === null ? { fetch: scores.name, name: scores.name, added: [] } : tap(pool);
  }
  const pooled = graph.outputs.find(isOnePixel);
  if (flat.length === 0 && pooled !== undefined) return { fetch: pooled.name, name: pooled.name, added: [] };
  const ofTokens = graph.outputs.filter(({ shape }) => shape?.length === 3);
  const tokens =
    ofTokens.find(({ name }) => name === "last_hidden_state") ?? (ofTokens.length === 1 ? ofTokens[0] : undefined);
  if (flat.length === 0 && tokens !== undefined) {
    return { fetch: tokens.name, name: tokens.name, tokens: true, added: [] };
  }
  throw new LensError(
    "model",
    flat.length > 1
      ? `The model has several outputs that could be the embedding (${quoted(flat.map(({ name }) => name))}): name one in its card.`
      : `The model has no output that is one vector per picture; its outputs are ${quoted(names)}.`,
  );
}

/** The model's bytes with the embedding among its outputs. */
export const withEmbedding = (model: Uint8Array, { added, fetch }: EmbeddingTensor): Uint8Array =>
  added.length === 0 ? model : appendOutput(model, added, fetch);

const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(", ");

const isOnePixel = ({ shape }: GraphValue): boolean => shape?.length === 4 && shape[2] === 1 && shape[3] === 1;

/** The global pool from which the scores are computed by matrix products alone, or null. */
function poolBefore(graph: OnnxGraph, scores: string): GraphNode | null {
  const producer = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  let node = producer.get(scores);
  let multiplied = false;
  while (node !== undefined) {
    if (isGlobalPool(node)) return multiplied ? node : null;
    if (!HEAD.has(node.op)) return null;
    multiplied ||= MULTIPLIES.has(node.op);
    node = node.inputs
      .map((name) => producer.get(name))
      .find((input) => input !== undefined && input.op !== "Constant");
  }
  return null;
}

function isGlobalPool({ op, ints }: GraphNode): boolean {
  switch (op) {
    case "GlobalAveragePool":
    case "GlobalMaxPool":
    case "QLinearGlobalAveragePool":
      return true;
    case "ReduceMean": {
      const axes = [...(ints.get("axes") ?? [])].map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
      return axes.length === 2 && axes[0] === 2 && axes[1] === 3;
    }
    default:
      return false;
  }
}

/** Makes the pool an output: back to float32 with its own scale and zero point when it is quantised, then flat. */
function tap(pool: GraphNode): EmbeddingTensor {
  const name = pool.outputs[0]!;
  const fetch = "embedding_lens_features";
  if (pool.op !== "QLinearGlobalAveragePool") {
    return { fetch, name, added: [{ op: "Flatten", inputs: [name], output: fetch }] };
  }
  // com.microsoft QLinearGlobalAveragePool: X, x_scale, x_zero_point, y_scale, y_zero_point
  const real = `${fetch}_real`;
  const [, , , scale, zeroPoint] = pool.inputs;
  return {
    fetch,
    name,
    added: [
      { op: "DequantizeLinear", inputs: [name, scale!, ...(zeroPoint ? [zeroPoint] : [])], output: real },
      { op: "Flatten", inputs: [real], output: fetch },
    ],
  };
}
