import { readFile } from "node:fs/promises";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { LensError } from "../../protocol/errors";
import type { ImageInput, ModelCard } from "../../protocol/models";
import { embeddingTensor, withEmbedding } from "./embedding-tensor";
import { FLOAT32, readGraph, type GraphValue, type OnnxGraph } from "./onnx-graph";
import { firstLine, loadOnnxRuntime, openSession } from "./onnx-runtime";
import { pool, type Pooling } from "./pooling";

/** A network that turns the tensor of one picture into its vector. */
export interface ImageNet {
  dims: number;
  /** Name of the tensor that is the embedding. */
  tensor: string;
  input: ImageInput;
  /**
   * One picture at a time: a batch is hardly faster, and its vectors would differ in the last bits with its size.
   * @param pixels (3 × height × width) float32
   * @returns (dims) float32
   */
  run(pixels: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads a network and tries it once.
 * @param path the .onnx file
 * @throws LensError "model"
 */
export async function openImageNet(
  path: string,
  card: Pick<ModelCard, "id" | "dims" | "input" | "output" | "pooling">,
): Promise<ImageNet> {
  const fail = (what: string, cause?: unknown): LensError =>
    new LensError("model", `The model “${card.id}” cannot be used: ${what}`, { cause });
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fail(`its file cannot be read (${path}).`, error);
  });
  let graph: OnnxGraph;
  try {
    graph = readGraph(bytes);
  } catch (error) {
    throw fail(`${path} is not an ONNX model.`, error);
  }
  const feed = pictureInput(graph);
  if (feed === null) throw fail("it does not take a picture (one float32 input of batch × 3 × height × width).");
  const input = card.input ?? bareInput(feed);
  const [height, width] = input.size;
  if (!fits(feed, input)) {
    throw fail(`its card says ${height} × ${width} pixels, its graph ${feed.shape?.slice(2).join(" × ") ?? "?"}.`);
  }
  const tensor = embeddingTensor(graph, card.output);
  let session: InferenceSession;
  try {
    session = await openSession(tensor.added.length === 0 ? path : withEmbedding(bytes, tensor));
  } catch (error) {
    if (error instanceof LensError) throw error;
    throw fail(`onnxruntime refuses it (${firstLine(String(error))}).`, error);
  }
  const { Tensor } = await loadOnnxRuntime();
  const used: { pooling: Pooling | null } = { pooling: null };
  const ofTokens = ({ data, dims: [, length = 0, width = 0] }: Tensor): Float32Array => {
    const out = new Float32Array(width);
    const pooling = (used.pooling ??= card.pooling ?? poolingOf(length));
    pool({ data: data as Float32Array, longest: length, dims: width, lengths: [length] }, 0, pooling, out);
    return out;
  };
  const run = async (pixels: Float32Array): Promise<Float32Array> => {
    try {
      const feeds = { [feed.name]: new Tensor("float32", pixels, [1, 3, height, width]) };
      const { [tensor.fetch]: output } = await session.run(feeds, [tensor.fetch]);
      if (output?.data instanceof Float32Array) return tensor.tokens ? ofTokens(output) : output.data;
    } catch (error) {
      throw fail(`it fails while it runs (${firstLine(String(error))}).`, error);
    }
    throw fail(`its output “${tensor.name}” is not float32.`);
  };
  const dims = (await run(new Float32Array(3 * height * width))).length;
  if (card.dims > 0 && card.dims !== dims) {
    throw fail(`its card says ${card.dims} numbers a picture, “${tensor.name}” gives ${dims}.`);
  }
  const name = used.pooling === null ? tensor.name : `${tensor.name}, ${used.pooling}`;
  return { dims, tensor: name, input, run, close: () => session.release() };
}

/** A square of patches and one more token: that one is for the whole picture. Patches alone: their mean. */
const poolingOf = (tokens: number): Pooling => (Number.isInteger(Math.sqrt(tokens - 1)) && tokens > 1 ? "cls" : "mean");

/** The only input, if it is a batch of pictures in float32 with the channels first. */
function pictureInput({ inputs }: OnnxGraph): GraphValue | null {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || input.type !== FLOAT32) return null;
  const { shape } = input;
  return shape?.length === 4 && (shape[1] === 3 || shape[1] === null) && (shape[0] ?? 1) === 1 ? input : null;
}

/** How a bare .onnx is fed: torchvision's usual preprocessing, stretched to the size that the graph declares. */
function bareInput({ shape }: GraphValue): ImageInput {
  const height = shape?.[2] ?? 224;
  const width = shape?.[3] ?? 224;
  return {
    size: [height, width],
    fit: "stretch",
    resizeTo: Math.min(height, width),
    kernel: "linear",
    order: "rgb",
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  };
}

const fits = ({ shape }: GraphValue, { size: [height, width] }: ImageInput): boolean =>
  (shape?.[2] ?? height) === height && (shape?.[3] ?? width) === width;
