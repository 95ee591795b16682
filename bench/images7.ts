// images7 by nearest neighbours: `node --import tsx bench/images7.ts` prints the figures of docs/figures.md.
import { join, resolve } from "node:path";
import catalog from "../models/catalog.json";
import lensTiny from "../models/lens-tiny/card.json";
import { openImageModel } from "../src/engine/embed/image-model";
import { loadImages } from "../src/engine/items/images";
import type { LocalModel } from "../src/protocol/engine";
import type { ModelCard } from "../src/protocol/models";

const root = resolve(__dirname, "..");
const shared = resolve(root, process.env["EMBEDDING_LENS_DATA"] ?? "../shared");

/** The models that are measured. */
export const LENS_TINY: LocalModel = { card: lensTiny as ModelCard, folder: join(root, "models", "lens-tiny") };
export const MOBILENET: LocalModel = {
  card: catalog.downloads.find(({ id }) => id === "mobilenetv2") as ModelCard,
  folder: join(shared, "models", "mobilenetv2-12-int8"),
};

export interface Figures {
  pictures: number;
  /** Share of pictures whose nearest other picture by cosine has the same label. */
  accuracy: number;
  /** Mean cosine of two pictures of one label, and of two labels. */
  within: number;
  between: number;
  picturesPerSecond: number;
  /** Processor time a picture, in ms. */
  cpu: number;
}

/** Embeds the folders of `images7` in one thread, and measures. */
export async function images7(model: LocalModel): Promise<Figures> {
  const source = { kind: "images" as const, paths: ["data/images7"] };
  const ctx = { report: () => undefined, signal: new AbortController().signal };
  const { items } = await loadImages(source, { base: shared, seed: 42 }, ctx);
  const embedder = await openImageModel(model);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { data, failed } = await embedder.embed(items);
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  if (failed.length > 0) throw new Error(`${failed.length} pictures of images7 could not be decoded.`);
  const vectors = items.map((_, i) => unit(data.subarray(i * embedder.dims, (i + 1) * embedder.dims)));
  await embedder.dispose();
  const labels = items.map(({ label }) => label!);
  return {
    pictures: items.length,
    ...similarities(vectors, labels),
    picturesPerSecond: items.length / seconds,
    cpu: (used.user + used.system) / 1000 / items.length,
  };
}

function similarities(vectors: Float32Array[], labels: string[]): Pick<Figures, "accuracy" | "within" | "between"> {
  const same = { sum: 0, count: 0 };
  const other = { sum: 0, count: 0 };
  let right = 0;
  vectors.forEach((a, i) => {
    let best = -Infinity;
    let nearest = -1;
    vectors.forEach((b, j) => {
      if (i === j) return;
      const cosine = a.reduce((sum, value, d) => sum + value * b[d]!, 0);
      const pair = labels[i] === labels[j] ? same : other;
      pair.sum += cosine;
      pair.count++;
      if (cosine > best) [best, nearest] = [cosine, j];
    });
    if (labels[nearest] === labels[i]) right++;
  });
  return { accuracy: right / vectors.length, within: same.sum / same.count, between: other.sum / other.count };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

if (require.main === module) {
  void (async () => {
    for (const model of [LENS_TINY, MOBILENET]) {
      const { accuracy, within, between, picturesPerSecond, cpu, pictures } = await images7(model);
      console.log(
        `${model.card.id}: 1-NN ${(accuracy * 100).toFixed(1)} % of ${pictures}; cosine within a class ${within.toFixed(3)}, ` +
          `between ${between.toFixed(3)}; ${picturesPerSecond.toFixed(0)} pictures/s, ${cpu.toFixed(1)} ms of processor time each`,
      );
    }
  })();
}
