// Image models: `EMBEDDING_LENS_DATA=… node --import tsx bench/models.ts speed|tutorial|memory|accuracy` prints the figures of
// docs/models.md. speed [ROUNDS]: pictures/s beside plain onnxruntime on tensors that are ready; tutorial [ROUNDS]: beside torch,
// one picture at a time; memory: of the engine's process over 10,000 pictures; accuracy: 1-NN on images7 for every model here.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedItems } from "../src/engine/embed-items";
import { openImageModel } from "../src/engine/embed/image-model";
import { openImageNet } from "../src/engine/embed/image-net";
import { decodePicture } from "../src/engine/embed/picture";
import { toTensor } from "../src/engine/embed/pixels";
import { loadImages } from "../src/engine/items/images";
import type { Item, ItemSet } from "../src/engine/types";
import type { LocalModel } from "../src/protocol/engine";
import { pictureCard, pictureItems } from "../test/support/cards";
import { realData } from "../test/support/data";
import { images7, LENS_TINY, MOBILENET } from "./images7";
import { inTurns, median, openPool, spent } from "./spent";

/** Debian's, which has torch; another one by its name. */
const python = process.env["PYTHON"] ?? "/usr/bin/python3";
const ROUNDS = Number(process.argv[3] ?? 5);
/** Pictures that the engine hands to a thread at once, and the batches that a thread holds (embed-items.ts, pool.ts). */
const BATCH = 16;
const DEPTH = 2;

/** Every image model that is here; the last two are known only by their graph. */
function models(): LocalModel[] {
  const bare = (name: string): LocalModel => ({
    card: pictureCard({ id: name, name }),
    folder: realData(`models/${name}`).path,
  });
  const all = [LENS_TINY, MOBILENET, bare("squeezenet1.0"), bare("resnet18-narrow")];
  return all.filter(({ card, folder }) => existsSync(join(folder, card.files[0]!.name)));
}

async function pictures(): Promise<Item[]> {
  const { path, skip } = realData("data/images7");
  if (skip) throw new Error(skip);
  const ctx = { report: () => undefined, signal: new AbortController().signal };
  return (await loadImages({ kind: "images", paths: [path] }, { base: path, seed: 42 }, ctx)).items;
}

/**
 * One thread of the engine from files to vectors, the same session on tensors that are ready, and decoding alone, in turns.
 * Decoding goes on in other threads beside the network, so the first two compare what one thread of inference gives.
 */
async function besidePlain(model: LocalModel, items: readonly Item[]): Promise<void> {
  const { card, folder } = model;
  const embedder = await openImageModel(model);
  const net = await openImageNet(join(folder, card.files[0]!.name), card);
  const prepare = toTensor(net.input);
  const tensors: Float32Array[] = [];
  for (const { file } of items) tensors.push(prepare(await decodePicture(file!, net.input)));
  const own = async (): Promise<void> => {
    let next = 0;
    const batches = async (): Promise<void> => {
      while (next < items.length) await embedder.embed(items.slice(next, (next += BATCH)));
    };
    await Promise.all(Array.from({ length: DEPTH }, batches));
  };
  const plain = async (): Promise<void> => {
    for (const tensor of tensors) await net.run(tensor);
  };
  const decode = async (): Promise<void> => {
    const into = new Float32Array(tensors[0]!.length);
    for (const { file } of items) prepare(await decodePicture(file!, net.input), into);
  };
  await own();
  const times = await inTurns(ROUNDS, { own, plain, decode });
  const of = (what: "own" | "plain" | "decode", unit: "wall" | "free" | "cpu"): number =>
    (1000 * median(times.map((time) => time[what][unit]))) / items.length;
  const percent = (share: (time: (typeof times)[number]) => number): string =>
    `${(100 * median(times.map(share))).toFixed(0)} %`;
  console.log(
    `${card.id}: ${(1000 / of("own", "wall")).toFixed(1)} pictures/s from files, ` +
      `${(1000 / of("plain", "wall")).toFixed(1)} by plain onnxruntime on ready tensors ` +
      `(${percent((time) => time.plain.wall / time.own.wall)} by the clock, ` +
      `${percent((time) => time.plain.free / time.own.free)} without the time in line for a processor), ` +
      `${percent((time) => (time.plain.wall + time.decode.wall) / time.own.wall)} of a loop that decodes, then runs; ` +
      `processor time each ${of("own", "cpu").toFixed(1)} ms, plain decoding ${of("decode", "cpu").toFixed(1)} and graph ` +
      `${of("plain", "cpu").toFixed(1)}: ${percent((time) => (time.plain.cpu + time.decode.cpu) / time.own.cpu)}`,
  );
  await embedder.dispose();
  await net.close();
}

const setOf = (items: Item[]): ItemSet => ({
  ...{ kind: "image", items, total: items.length, skipped: [], warnings: [], fingerprint: "" },
});

/** ResNet-18 over the same files: torch one by one as the tutorial does, and the engine with two threads, in turns. */
async function besideTutorial(temp: string, items: Item[]): Promise<void> {
  const file = join(temp, "model.onnx");
  const args = [join(__dirname, "tutorial-loop.py"), file, ...items.map((item) => item.file!)];
  const torch = (): [number, number, number] =>
    execFileSync(python, args, { encoding: "utf8" }).trim().split(" ").map(Number) as [number, number, number];
  const [, , threads] = torch();
  const pool = openPool(2);
  const model = { card: pictureCard({ id: "resnet18" }), folder: temp };
  await embedItems(setOf(items.slice(0, 32)), model, pool, {});
  const times: { torch: [number, number]; own: [number, number] }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [rate, cpu] = torch();
    const { wall, cpu: used } = await spent(() => embedItems(setOf(items), model, pool, {}));
    times.push({ torch: [rate, cpu], own: [items.length / wall, (1000 * used) / items.length] });
  }
  const of = (what: "torch" | "own", at: 0 | 1): string => median(times.map((time) => time[what][at])).toFixed(1);
  const ratio = (share: (time: (typeof times)[number]) => number): string => median(times.map(share)).toFixed(2);
  console.log(
    `torch, one at a time, ${threads} threads: ${of("torch", 0)} pictures/s, ${of("torch", 1)} ms of processor time each`,
  );
  console.log(
    `the engine, two threads: ${of("own", 0)} pictures/s, ${of("own", 1)} ms each; ` +
      `${ratio(({ own, torch: other }) => own[0] / other[0])} times as many a second, ` +
      `${ratio(({ own, torch: other }) => other[1] / own[1])} times as many for the same processor time`,
  );
  await pool.dispose();
}

/** Resident memory of this process, which holds the engine's threads, while 10,000 files are embedded. */
async function memory(): Promise<void> {
  const { path, skip } = realData("data/cifar10-5000");
  if (skip) throw new Error(skip);
  const found = await readdir(path, { recursive: true });
  const files = found.filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).map((name) => join(path, name));
  const items = pictureItems(...Array.from({ length: 10_000 }, (_, i) => files[i % files.length]!));
  const pool = openPool(2);
  const marks = [1_000, 2_500, 5_000, 7_500, 10_000];
  const report = (done: number): void => {
    while (marks.length > 0 && done >= marks[0]!) {
      console.log(`${marks.shift()!} pictures: ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
    }
  };
  await embedItems(setOf(items), MOBILENET, pool, { report });
  await pool.dispose();
}

async function main(): Promise<void> {
  const temp = await mkdtemp(join(tmpdir(), "lens-bench-"));
  try {
    switch (process.argv[2]) {
      case "speed": {
        const items = await pictures();
        for (const model of models()) await besidePlain(model, items);
        break;
      }
      case "tutorial":
        await besideTutorial(temp, await pictures());
        break;
      case "memory":
        await memory();
        break;
      case "accuracy":
        for (const model of models()) {
          const { accuracy, picturesPerSecond, pictures: count } = await images7(model);
          console.log(
            `${model.card.id}: 1-NN ${(100 * accuracy).toFixed(1)} % of ${count}, ${picturesPerSecond.toFixed(0)} pictures/s`,
          );
        }
        break;
      default:
        throw new Error("Name one of speed, tutorial, memory, accuracy.");
    }
  } finally {
    await rm(temp, { recursive: true });
  }
}

void main();
