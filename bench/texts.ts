// Texts per second of the local text models, beside plain onnxruntime on the same batches, and the embed stage of a second run:
// `EMBEDDING_LENS_DATA=… node --import tsx bench/texts.ts [LINES]` prints the figures of docs/models.md.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { embedItems } from "../src/engine/embed-items";
import { openEmbedder } from "../src/engine/embed/open";
import { openTokenizer } from "../src/engine/embed/tokenizer";
import { openOnce } from "../src/engine/store/open";
import type { ItemSet } from "../src/engine/types";
import { textCard, textItems } from "../test/support/cards";
import { realData } from "../test/support/data";
import { randomMiniLm } from "../test/support/text-folder";
import { inTurns, median, openPool, spent } from "./spent";

const lines = Number(process.argv[2] ?? 10_000);
const root = join(__dirname, "..");
const minilm = realData("models/all-MiniLM-L6-v2-tokenizer-only");
const banking = realData("data/banking77");
const CHUNK = 64;

async function main(): Promise<void> {
  if (minilm.skip || banking.skip) throw new Error(String(minilm.skip || banking.skip));
  const folder = await mkdtemp(join(tmpdir(), "lens-bench-"));
  try {
    const texts = await questions();
    const onnx = { file: "onnx/model.onnx", runtime: "onnx", maxTokens: 256 } as const;
    for (const [name, quantized] of [
      ["float32", false],
      ["int8", true],
    ] as const) {
      const at = join(folder, name);
      await randomMiniLm(at, minilm.path, { quantized });
      await besidePlain({ ...onnx, name: `MiniLM's shape, ${name}`, folder: at }, texts.slice(0, 256), quantized);
    }
    const tiny = { ...onnx, name: "tiny-bert", folder: join(root, "test/fixtures/tiny-bert"), maxTokens: 48 };
    await besidePlain(tiny, texts.slice(0, 1024), false);
    const model2vec = { name: "model2vec-bge-64d", folder: realData("models/model2vec-bge-64d").path, maxTokens: 512 };
    await rate({ ...model2vec, runtime: "static", file: "model.safetensors" }, texts);
    await rate({ ...model2vec, name: "model2vec-bge-64d as ONNX", runtime: "onnx", file: "model.onnx" }, texts);
    const glove = { ...onnx, name: "glove-50d-sif as ONNX", folder: realData("models/glove-50d-sif").path };
    await rate({ ...glove, file: "model.onnx" }, texts);
    await secondRun(join(folder, "int8"), folder, texts);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As many different questions to a bank as asked for. */
async function questions(): Promise<string[]> {
  const csv =
    (await readFile(join(banking.path, "train.csv"), "utf8")) +
    (await readFile(join(banking.path, "test.csv"), "utf8"));
  const rows = csv.split("\n").map((line) => line.replace(/,[^,]*$/, ""));
  return Array.from({ length: lines }, (_, i) => rows[i % rows.length]! + (i < rows.length ? "" : ` ${i}`));
}

interface Subject {
  name: string;
  folder: string;
  file: string;
  runtime: "onnx" | "static";
  maxTokens: number;
}

/** The whole way from text to vector, as a thread of the engine goes it. */
async function opened({ folder, file, runtime, maxTokens }: Subject, texts: string[]): Promise<() => Promise<void>> {
  const card = textCard({ runtime, pooling: "mean", normalize: true, maxTokens, files: [{ name: file, bytes: 1 }] });
  const model = await openEmbedder({ card, folder });
  const all = textItems(...texts);
  return async () => {
    for (let at = 0; at < all.length; at += CHUNK) await model.embed(all.slice(at, at + CHUNK));
  };
}

async function rate(subject: Subject, texts: string[]): Promise<void> {
  const work = await opened(subject, texts);
  await work();
  console.log(`${subject.name}: ${(texts.length / (await spent(work)).cpu).toFixed(0)} texts/s`);
}

/**
 * Beside nothing but onnxruntime on tokens that are ready, in the runs that the engine makes: texts of similar length,
 * padded; one text for the int8 graph, whose vectors would depend on their company otherwise.
 */
async function besidePlain(subject: Subject, texts: string[], oneByOne: boolean): Promise<void> {
  const { name, folder, file, maxTokens } = subject;
  const tokenizer = await openTokenizer(folder);
  // The engine asks for exact 8-bit products (embed/onnx-runtime.ts), so this does as well.
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, extra: { session: { x64quantprecision: "1" } } };
  const session = await InferenceSession.create(join(folder, file), options);
  const ids = texts.map((text) => tokenizer.encode(text, maxTokens).ids);
  const runs: number[][][] = [];
  for (let at = 0; at < ids.length; at += CHUNK) {
    let run: number[][] = [];
    for (const one of ids.slice(at, at + CHUNK).sort((a, b) => a.length - b.length)) {
      if (oneByOne || run.length === 0 || (run.length + 1) * one.length > 512) runs.push((run = []));
      run.push(one);
    }
  }
  const feeds = runs.map((run) => {
    const longest = run.at(-1)!.length;
    const shape = [run.length, longest];
    const flat = run.flatMap((row) => [...row, ...new Array<number>(longest - row.length).fill(0)]);
    const mask = run.flatMap((row) => Array.from({ length: longest }, (_, at) => (at < row.length ? 1n : 0n)));
    return {
      input_ids: new Tensor("int64", BigInt64Array.from(flat, BigInt), shape),
      attention_mask: new Tensor("int64", BigInt64Array.from(mask), shape),
      token_type_ids: new Tensor("int64", new BigInt64Array(flat.length), shape),
    };
  });
  const plain = async (): Promise<void> => {
    for (const feed of feeds) await session.run(feed);
  };
  const own = await opened(subject, texts);
  await own();
  await plain();
  const times = await inTurns(5, { own, plain });
  await session.release();
  const speed = (of: "own" | "plain"): number => texts.length / median(times.map((time) => time[of].cpu));
  const share = median(times.map((time) => time.plain.cpu / time.own.cpu));
  console.log(
    `${name}: ${speed("own").toFixed(0)} texts/s; plain onnxruntime on ready tokens ${speed("plain").toFixed(0)}: ${(100 * share).toFixed(0)} %`,
  );
}

/** The embed stage of a first and a second run over the same lines, in the engine's threads. */
async function secondRun(folder: string, temp: string, texts: string[]): Promise<void> {
  const pool = openPool(2);
  const store = openOnce(join(temp, "embeddings"));
  const model = { card: textCard({ pooling: "mean", normalize: true, maxTokens: 256 }), folder };
  const items = textItems(...texts);
  const set: ItemSet = { kind: "text", items, total: items.length, skipped: [], warnings: [], fingerprint: "" };
  const times: number[] = [];
  for (let run = 0; run < 2; run++) {
    const kept = await store();
    times.push((await spent(() => embedItems(set, model, pool, {}, kept))).wall);
  }
  const [first, second] = times as [number, number];
  console.log(
    `Embed stage over ${lines} lines: ${first.toFixed(1)} s, again ${second.toFixed(2)} s (${((100 * second) / first).toFixed(1)} %)`,
  );
  console.log(`The store takes ${((await store())!.bytes() / 1e6).toFixed(0)} MB`);
  await pool.dispose();
  await store.close();
}

void main();
