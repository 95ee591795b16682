// Image models: `EMBEDDING_LENS_DATA=… node --import tsx bench/models.ts speed|tutorial|memory|accuracy` prints the figures of
// docs/models.md. speed: pictures/s beside plain onnxruntime on tensors that are ready; tutorial: beside torch, one picture
// at a time; memory: of the engine's process over 10,000 pictures; accuracy: 1-NN on images7 for every model that is here.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { embedItems } from "../src/engine/embed-items";
import { openImageModel } from "../src/engine/embed/image-model";
import { openImageNet } from "../src/engine/embed/image-net";
import { decodePicture } from "../src/engine/embed/picture";
import { toTensor } from "../src/engine/embed/pixels";
import { loadImages } from "../src/engine/items/images";
import { Pool } from "../src/engine/pool";
import type { Item, ItemSet } from "../src/engine/types";
import type { LocalModel } from "../src/protocol/engine";
import { pictureCard, pictureItems } from "../test/support/cards";
import { realData } from "../test/support/data";
import { images7, LENS_TINY, MOBILENET } from "./images7";

const ROUNDS = 3;
const root = join(__dirname, "..");
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

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

async function seconds(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

/** Seconds by the clock, and of processor time in all threads. */
interface Spent {
  wall: number;
  cpu: number;
}

async function spent(work: () => Promise<void>): Promise<Spent> {
  const before = process.cpuUsage();
  const wall = await seconds(work);
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6 };
}

/** One thread of the engine from files to vectors, and the same session on tensors that are ready, in turns. */
async function besidePlain(model: LocalModel, items: readonly Item[]): Promise<void> {
  const { card, folder } = model;
  const embedder = await openImageModel(model);
  const net = await openImageNet(join(folder, card.files[0]!.name), card);
  const tensors: Float32Array[] = [];
  for (const { file } of items) tensors.push(toTensor(net.input)(await decodePicture(file!, net.input)));
  const own = async (): Promise<void> => {
    await embedder.embed(items);
  };
  const plain = async (): Promise<void> => {
    for (const tensor of tensors) await net.run(tensor);
  };
  await own();
  const decode = async (): Promise<void> => {
    for (const { file } of items) toTensor(net.input)(await decodePicture(file!, net.input));
  };
  const times: { own: Spent; plain: Spent; decode: Spent }[] = [];
  for (let i = 0; i < ROUNDS; i++)
    times.push({ own: await spent(own), plain: await spent(plain), decode: await spent(decode) });
  const of = (what: "own" | "plain" | "decode", unit: keyof Spent): number =>
    (1000 * median(times.map((time) => time[what][unit]))) / items.length;
  const share = median(times.map(({ own: o, plain: p, decode: d }) => (p.cpu + d.cpu) / o.cpu));
  console.log(
    `${card.id}: ${(1000 / of("own", "wall")).toFixed(1)} pictures/s from files, ` +
      `${(1000 / of("plain", "wall")).toFixed(1)} by plain onnxruntime on ready tensors; processor time each ` +
      `${of("own", "cpu").toFixed(1)} ms, plain decoding ${of("decode", "cpu").toFixed(1)} and graph ${of("plain", "cpu").toFixed(1)}: ${(100 * share).toFixed(0)} %`,
  );
  await embedder.dispose();
  await net.close();
}

/** The engine's threads, built. */
function openPool(temp: string, threads: number): Pool {
  const workerFile = join(temp, "worker.js");
  buildSync({
    entryPoints: [join(root, "src/engine/worker.ts")],
    outfile: workerFile,
    bundle: true,
    platform: "node",
    alias: { "onnxruntime-node": require.resolve("onnxruntime-node"), sharp: require.resolve("sharp") },
    external: ["/*", "onnxruntime-web", "*/hdf5-wasm"],
  });
  return new Pool(workerFile, threads, 2);
}

const setOf = (items: Item[]): ItemSet => ({
  ...{ kind: "image", items, total: items.length, skipped: [], warnings: [], fingerprint: "" },
});

/** ResNet-18 over the same files: torch one by one as the tutorial does, and the engine with two threads. */
async function besideTutorial(temp: string, items: Item[]): Promise<void> {
  const file = join(temp, "model.onnx");
  const args = [join(__dirname, "tutorial-loop.py"), file, ...items.map((item) => item.file!)];
  const [rate, cpu, threads] = execFileSync("python3", args, { encoding: "utf8" }).trim().split(" ");
  console.log(`torch, one at a time: ${rate} pictures/s, ${cpu} ms of processor time each, ${threads} threads`);
  const pool = openPool(temp, 2);
  const model = { card: pictureCard({ id: "resnet18" }), folder: temp };
  await embedItems(setOf(items.slice(0, 32)), model, pool, {});
  const before = process.cpuUsage();
  const wall = await seconds(async () => {
    await embedItems(setOf(items), model, pool, {});
  });
  const { user, system } = process.cpuUsage(before);
  console.log(
    `the engine, two threads: ${(items.length / wall).toFixed(1)} pictures/s, ${((user + system) / 1000 / items.length).toFixed(1)} ms each`,
  );
  await pool.dispose();
}

/** Resident memory of this process, which holds the engine's threads, while 10,000 files are embedded. */
async function memory(temp: string): Promise<void> {
  const { path, skip } = realData("data/cifar10-5000");
  if (skip) throw new Error(skip);
  const found = await readdir(path, { recursive: true });
  const files = found.filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).map((name) => join(path, name));
  const items = pictureItems(...Array.from({ length: 10_000 }, (_, i) => files[i % files.length]!));
  const pool = openPool(temp, 2);
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
        await memory(temp);
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
