// BANKING77 by nearest neighbours: `node --import tsx bench/banking77.ts` prints the figure of docs/figures.md.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import card from "../models/glove-100d/card.json";
import { openEmbedder } from "../src/engine/embed/open";
import { loadItems } from "../src/engine/items/load";
import type { Item } from "../src/engine/types";
import type { LocalModel } from "../src/protocol/engine";
import type { ModelCard } from "../src/protocol/models";

import { textCard } from "../test/support/cards";

const K = 10;
const root = resolve(__dirname, "..");
export const dataFolder = resolve(root, process.env["EMBEDDING_LENS_DATA"] ?? "../shared", "data");

/** A set of texts with unit vectors (rows × dims) and labels; `seconds` of CPU time is what embedding took. */
interface Embedded {
  items: Item[];
  rows: number;
  data: Float32Array;
  seconds: number;
}

const WORDS: LocalModel = { card: card as ModelCard, folder: join(root, "models/glove-100d") };

/** The text models that are here. */
function models(): LocalModel[] {
  const folder = (name: string): string => resolve(dataFolder, "../models", name);
  const fields = { normalize: true, maxTokens: 512 };
  const file = (name: string) => ({ files: [{ name, bytes: 1 }] });
  const all = [
    WORDS,
    {
      card: textCard({ ...fields, ...file("model.safetensors"), id: "model2vec-bge-64d", runtime: "static" }),
      folder: folder("model2vec-bge-64d"),
    },
    { card: textCard({ ...fields, ...file("model.onnx"), id: "glove-50d-sif" }), folder: folder("glove-50d-sif") },
  ];
  return all.filter((one) => existsSync(join(one.folder, one.card.files[0]!.name)));
}

async function embed(file: string, local: LocalModel): Promise<Embedded> {
  const source = { kind: "rows" as const, paths: [file] };
  const ctx = { report: () => undefined, signal: new AbortController().signal };
  const { items } = await loadItems(source, { base: join(dataFolder, "banking77"), seed: 42 }, ctx);
  const model = await openEmbedder(local);
  const started = process.cpuUsage();
  const { data, failed } = await model.embed(items);
  const seconds = process.cpuUsage(started).user / 1e6;
  if (failed.length > 0) console.log(`${failed.length} of ${items.length} lines of ${file} have no known word.`);
  const { dims } = model;
  for (let i = 0; i < items.length; i++) normalise(data.subarray(i * dims, (i + 1) * dims));
  return { items, rows: items.length, data, seconds };
}

function normalise(row: Float32Array): void {
  const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  if (norm > 0) for (let d = 0; d < row.length; d++) row[d]! /= norm;
}

/** Accuracy of a vote of the K nearest training texts by cosine, each weighted by its similarity. */
function accuracy(train: Embedded, test: Embedded): number {
  const dims = train.data.length / train.rows;
  const near = new Int32Array(K);
  const values = new Float32Array(K);
  let right = 0;
  for (let i = 0; i < test.rows; i++) {
    const query = test.data.subarray(i * dims, (i + 1) * dims);
    values.fill(-Infinity);
    for (let j = 0, at = 0; j < train.rows; j++) {
      let dot = 0;
      for (let d = 0; d < dims; d++, at++) dot += query[d]! * train.data[at]!;
      let slot = K - 1;
      if (dot <= values[slot]!) continue;
      for (; slot > 0 && values[slot - 1]! < dot; slot--) {
        values[slot] = values[slot - 1]!;
        near[slot] = near[slot - 1]!;
      }
      values[slot] = dot;
      near[slot] = j;
    }
    const votes = new Map<string, number>();
    near.forEach((j, n) => {
      const label = train.items[j]!.label!;
      votes.set(label, (votes.get(label) ?? 0) + values[n]!);
    });
    const [first] = [...votes].sort((a, b) => b[1] - a[1]);
    if (first?.[0] === test.items[i]!.label) right++;
  }
  return right / test.rows;
}

/** Embeds train and test, and measures. */
export async function banking77(
  model = WORDS,
): Promise<{ accuracy: number; train: number; test: number; linesPerSecond: number }> {
  const train = await embed("train.csv", model);
  const test = await embed("test.csv", model);
  const linesPerSecond = train.rows / train.seconds;
  return { accuracy: accuracy(train, test), train: train.rows, test: test.rows, linesPerSecond };
}

if (require.main === module) {
  void (async () => {
    for (const model of models()) {
      const figures = await banking77(model);
      console.log(
        `BANKING77, ${model.card.id}, ${K}-NN: ${(figures.accuracy * 100).toFixed(2)} % of ${figures.test} right ` +
          `(${figures.train} to learn from); ${Math.round(figures.linesPerSecond).toLocaleString("en-US")} lines embedded in a second of CPU time`,
      );
    }
  })();
}
