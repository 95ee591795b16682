import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import type { ModelCard } from "../../protocol/models";
import type { Item } from "../types";
import type { EmbeddedBatch, Embedder } from "./embedder";
import { halfToFloat } from "./half";
import { readGraph, type OnnxGraph } from "./onnx-graph";
import { firstLine, loadOnnxRuntime, openSession } from "./onnx-runtime";
import { pool, toUnitLength } from "./pooling";
import { textInputs, type TextInputs } from "./text-inputs";
import { textEmbedding, type TextEmbedding } from "./text-output";
import { openTokenizer, tokenizerFolder, type TextTokenizer } from "./tokenizer";

/** Tokens of one run of the graph: more gain nothing (docs/models.md). */
const TOKENS_PER_RUN = 512;
/** Texts handed over at once, so that texts of equal length meet. */
const BATCH = 64;
const DEFAULT_MAX_TOKENS = 512;
/** These take the scale of all values that go through them at once, so texts of one run would change each other's vectors. */
const SCALED_TOGETHER = new Set(["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"]);

/**
 * Opens an ONNX text transformer: tokenizer.json and one .onnx file in a folder.
 * @throws LensError "model": a file is missing or damaged, the graph is no text encoder, or it cannot run here
 */
export async function openTextModel({ card, folder }: LocalModel): Promise<Embedder> {
  const file = card.files.find(({ name }) => name.toLowerCase().endsWith(".onnx"));
  if (file === undefined) throw new LensError("model", `The model ${card.id} has no .onnx file.`);
  const tokenizer = await openTokenizer(tokenizerFolder({ card, folder }));
  const path = join(folder, file.name);
  const graph = await graphOf(path);
  const { Tensor } = await loadOnnxRuntime();
  const inputs = textInputs(graph.inputs, card.id, Tensor);
  let session: InferenceSession;
  try {
    session = await openSession(path);
  } catch (error) {
    if (error instanceof LensError) throw error;
    throw new LensError("model", `${path} cannot be loaded: ${whyFailed(error)}.`, { cause: error });
  }
  const model = new TextModel(card, tokenizer, inputs, session, alone(graph));
  await model.probe();
  return model;
}

const alone = ({ nodes }: OnnxGraph): boolean => nodes.some(({ op }) => SCALED_TOGETHER.has(op));

const whyFailed = (error: unknown): string => firstLine(error instanceof Error ? error.message : String(error));

async function graphOf(path: string): Promise<OnnxGraph> {
  try {
    return readGraph(await readFile(path));
  } catch (error) {
    const what = error instanceof RangeError ? "is not an ONNX model, or is damaged" : "cannot be read";
    throw new LensError("model", `${path} ${what}.`, { cause: error });
  }
}

class TextModel implements Embedder {
  dims = 0;
  tensor = "";
  readonly batchSize = BATCH;
  private readonly limit: number;
  private embedding: TextEmbedding = { output: "", pooling: null };

  constructor(
    private readonly card: ModelCard,
    private readonly tokenizer: TextTokenizer,
    private readonly inputs: TextInputs,
    private readonly session: InferenceSession,
    private readonly oneByOne: boolean,
  ) {
    this.limit = card.maxTokens ?? DEFAULT_MAX_TOKENS;
  }

  /** Runs one short text, to see which output is the embedding and how long it is. */
  async probe(): Promise<void> {
    const { ids } = this.tokenizer.encode("a", this.limit);
    const outputs = await this.run([ids], ids.length);
    const ranks = Object.entries(outputs).map(([name, { dims }]) => ({ name, rank: dims.length }));
    this.embedding = textEmbedding(ranks, this.card);
    const { output, pooling } = this.embedding;
    this.dims = outputs[output]!.dims.at(-1)!;
    this.tensor = pooling === null ? output : `${output}, ${pooling}`;
    if (this.card.dims > 0 && this.card.dims !== this.dims) {
      throw new LensError(
        "model",
        `The card of the model ${this.card.id} says ${this.card.dims} numbers per text, the model gives ${this.dims}.`,
      );
    }
  }

  async embed(items: readonly Item[]): Promise<EmbeddedBatch> {
    const { dims, card } = this;
    const data = new Float32Array(items.length * dims);
    const failed: EmbeddedBatch["failed"] = [];
    const truncated: number[] = [];
    const texts: Text[] = [];
    items.forEach((item, at) => {
      const tokens = this.tokenizer.encode((card.prefix ?? "") + (item.text ?? ""), this.limit);
      if (tokens.truncated) truncated.push(at);
      if (tokens.ids.length > 0) texts.push({ at, ids: tokens.ids });
      else failed.push({ at, reason: `it has no word or sign that ${card.id} knows` });
    });
    for (const run of runsOf(texts, this.oneByOne)) {
      const vectors = await this.vectorsOf(run.map(({ ids }) => ids));
      run.forEach(({ at }, i) => data.set(vectors.subarray(i * dims, (i + 1) * dims), at * dims));
    }
    return { data, failed, truncated };
  }

  dispose(): Promise<void> {
    return this.session.release();
  }

  /** (rows × dims) the vectors of texts given by their tokens. */
  private async vectorsOf(rows: readonly number[][]): Promise<Float32Array> {
    const { dims } = this;
    const { output, pooling } = this.embedding;
    const longest = Math.max(...rows.map(({ length }) => length));
    const tensor = (await this.run(rows, longest, [output]))[output]!;
    const data = floats(tensor);
    const vectors = pooling === null ? data.slice() : new Float32Array(rows.length * dims);
    const lengths = rows.map(({ length }) => length);
    for (let row = 0; row < rows.length; row++) {
      const out = vectors.subarray(row * dims, (row + 1) * dims);
      if (pooling !== null) pool({ data, longest, dims, lengths }, row, pooling, out);
      if (this.card.normalize) toUnitLength(out);
    }
    return vectors;
  }

  private async run(rows: readonly number[][], longest: number, fetch?: string[]): Promise<Record<string, Tensor>> {
    const feeds = this.inputs(rows, longest, this.tokenizer.padId);
    try {
      return await (fetch ? this.session.run(feeds, fetch) : this.session.run(feeds));
    } catch (error) {
      throw new LensError("model", `The model ${this.card.id} failed: ${whyFailed(error)}.`, { cause: error });
    }
  }
}

interface Text {
  at: number;
  ids: number[];
}

/** Texts of similar length together, so that little is padded. The vector of a text does not depend on its company (docs/models.md). */
function runsOf(texts: readonly Text[], oneByOne: boolean): Text[][] {
  const runs: Text[][] = [];
  for (const text of [...texts].sort((a, b) => a.ids.length - b.ids.length || a.at - b.at)) {
    const run = runs.at(-1);
    if (run && !oneByOne && (run.length + 1) * text.ids.length <= TOKENS_PER_RUN) run.push(text);
    else runs.push([text]);
  }
  return runs;
}

function floats({ type, data }: Tensor): Float32Array {
  if (type === "float32") return data as Float32Array;
  if (type === "float16") {
    const { buffer, byteOffset, length } = data as Uint16Array;
    return halfToFloat(new Uint16Array(buffer, byteOffset, length));
  }
  throw new LensError("model", `The model's embedding is of type ${type}; float32 or float16 is needed.`);
}
