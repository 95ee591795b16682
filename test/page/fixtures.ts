import type { PanelComparison } from "../../src/protocol/compare";
import type { Anomalies, Found, Network, NetworkSettings } from "../../src/protocol/explore";
import type { ModelInfo } from "../../src/protocol/models";
import type { Snapshot } from "../../src/protocol/panel";
import type { Recipe, Source } from "../../src/protocol/recipe";
import type { ItemColumns, MetaColumn, RunResult } from "../../src/protocol/result";
import type { UsedColumns } from "../../src/protocol/table";
import { createRandom } from "../../src/engine/random";
import { tableOf } from "./fake-table";

/** What a run over made-up items gives: enough to draw, the same every time. */
export interface FixtureOptions {
  kind: "lines" | "pictures";
  count: number;
  /** Labels of the items in turn; none for lines. */
  labels?: string[];
  method?: Recipe["reduce"]["method"];
  clusters?: number;
  /** Their names; absent: "waves, ocean" and the number. */
  clusterNames?: string[];
  title?: string;
  /** A map of three dimensions. */
  deep?: boolean;
  /** How many days its dates span. */
  days?: number;
  /** The lines are rows of a dataset, with what the recipe says about its columns. */
  dataset?: Pick<Source, "columns" | "header">;
  /** The rows have ready vectors. */
  ready?: boolean;
  /** The places are coordinates of the data. */
  given?: boolean;
  /** The items have other columns of every kind. */
  meta?: boolean;
}

export const TEXTS = [
  "The sun is shining today",
  "It's a beautiful day outside",
  "I love hiking in the mountains",
  "Nature hiking is my passion",
  "Pizza is my favorite food",
  "Italian cuisine is amazing",
  "Coding is a valuable skill",
  "Programming is an important skill",
  "The Eiffel Tower is a famous landmark in Paris",
  "Paris's iconic landmark is the Eiffel Tower",
  "Cats are known for their agility",
  "Felines are agile animals",
  "The ocean waves are calming",
  "Listening to ocean waves is soothing",
  "Art museums display incredible works of art",
  "Museums showcase amazing artworks",
  "Soccer is a popular sport worldwide",
  "Football is a global favorite",
  "Learning new languages is challenging but rewarding",
  "Mastering languages is tough but fulfilling",
];

export const textOf = (index: number): string =>
  index < TEXTS.length ? TEXTS[index]! : `${TEXTS[index % TEXTS.length]!} (${index + 1})`;

export const MODELS: ModelInfo[] = [
  model("glove-100d", "GloVe 100d", "text", "builtin", 10_000_000),
  model("all-minilm-l6-v2", "MiniLM L6 v2", "text", "absent", 23_684_080),
  model("lens-tiny", "Lens Tiny", "image", "builtin", 1_200_000),
  model("mobilenetv2", "MobileNetV2", "image", "absent", 3_655_640),
  model("resnet18", "ResNet-18", "image", "installed", 46_820_737),
];

function model(id: string, name: string, kind: "text" | "image", state: ModelInfo["state"], bytes: number): ModelInfo {
  return {
    card: {
      id,
      name,
      kind,
      about: "",
      runtime: "onnx",
      dims: 256,
      files: [],
      licence: "",
      source: "",
      trainedOn: "",
      normalize: true,
    },
    state,
    bytes,
  };
}

export function recipeOf({ kind, method = "umap", clusters = 0, dataset }: FixtureOptions): Recipe {
  const lines = kind === "lines";
  return {
    version: 1,
    source: dataset
      ? { kind: "rows", paths: ["mail.csv"], ...dataset }
      : { kind: lines ? "lines" : "images", paths: [lines ? "sentences.txt" : "animals"] },
    model: lines ? "glove-100d" : "lens-tiny",
    metric: "cosine",
    reduce: { method, dims: 2, neighbors: 15, minDist: 0.1, perplexity: 30 },
    cluster: { method: clusters > 0 ? "kmeans" : "none", k: clusters || 10, on: "vectors" },
    seed: 42,
  };
}

function columnsOf(recipe: Recipe): UsedColumns {
  const { columns, used } = tableOf(recipe);
  const name = (column: number | null): string | null => (column === null ? null : columns[column]!.name);
  return { text: name(used.text)!, label: name(used.label) };
}

export function resultOf(options: FixtureOptions): RunResult {
  const { count, kind, clusters = 0, method = "umap" } = options;
  const items = itemsOf(options);
  const random = createRandom(7);
  const groups = Math.max(items.labels.length, clusters, Math.ceil(count / 2 / (kind === "lines" ? 1 : 10)), 1);
  const centres = Array.from({ length: groups }, () => [random.next() * 14, random.next() * 10] as const);
  const groupOf = (i: number): number => (items.labels.length > 0 ? items.label[i]! : Math.floor((i * groups) / count));
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [cx, cy] = centres[Math.max(0, groupOf(i)) % groups]!;
    x[i] = cx + random.normal() * 0.55;
    y[i] = cy + random.normal() * 0.55;
  }
  const cluster =
    clusters > 0
      ? Int32Array.from({ length: count }, (_, i) => (i % 23 === 22 ? -1 : i % clusters))
      : new Int32Array(0);
  return {
    version: 1,
    recipe: recipeOf(options),
    model: {
      id: recipeOf(options).model,
      name: kind === "lines" ? "GloVe 100d" : "Lens Tiny",
      dims: 256,
      tensor: "features",
    },
    items,
    total: count,
    ...(options.dataset && { columns: columnsOf(recipeOf(options)) }),
    ...(options.given && { given: true as const }),
    x: method === "none" && !options.given ? new Float32Array(0) : x,
    y: method === "none" && !options.given ? new Float32Array(0) : y,
    ...(options.deep ? { z: Float32Array.from(x, (_, i) => 6 * noise(i)) } : {}),
    axes: method === "pca" ? ["PC 1 (34 %)", "PC 2 (12 %)"] : ["UMAP 1", "UMAP 2"],
    cluster,
    clusters: Array.from({ length: clusters }, (_, id) => ({
      id,
      size: cluster.filter((one) => one === id).length,
      label: options.clusterNames?.[id] ?? `waves, ocean, ${id}`,
      exemplar: id,
      silhouette: 0.4 - 0.11 * id,
    })),
    ...(clusters > 0 && {
      clusterQuality: {
        silhouette: 0.312,
        sample: count,
        ...(items.labels.length > 0 && {
          labels: { count, purity: 0.874, adjustedRand: 0.713, mutualInformation: 0.766 },
        }),
      },
    }),
    quality:
      method === "none"
        ? null
        : {
            k: 15,
            trustworthiness: 0.962,
            continuity: 0.948,
            neighborsKept: 0.61,
            sample: count,
            points: {
              kept: Float32Array.from({ length: count }, (_, i) => noise(i)),
              trustworthiness: Float32Array.from({ length: count }, (_, i) => 1 - noise(i + count) / 5),
              continuity: Float32Array.from({ length: count }, (_, i) => 1 - noise(i + 2 * count) / 4),
              distanceCorrelation: Float32Array.from({ length: count }, (_, i) => 0.9 - noise(i + 3 * count)),
            },
            distanceCorrelation: 0.534,
            ...(items.labels.length > 0 && {
              labels: { count, vectors: { nearest: 0.913, ten: 0.902 }, map: { nearest: 0.871, ten: 0.866 } },
            }),
          },
    skipped: [],
    warnings: [],
    timings: { items: 20, embed: 800, neighbors: 30, reduce: 300, cluster: 0, quality: 20, total: 1_183 },
    fingerprint: `${kind} ${count}`,
  };
}

/** Columns of every kind, with empty cells. */
export function metaOf(count: number, days = 500): MetaColumn[] {
  const numbers = (of: (i: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => (i % 37 === 36 ? NaN : of(i)));
  const codes = (of: number): Int32Array => Int32Array.from({ length: count }, (_, i) => (i % 41 === 40 ? -1 : i % of));
  const day = Date.UTC(2024, 0, 1);
  return [
    { name: "owner <b>of it</b>", kind: "category", values: ["anna", "bert", "carl"], code: codes(3) },
    { name: "urgency", kind: "category", values: ["high", "low", "medium"], code: codes(3) },
    { name: "paid", kind: "boolean", values: ["false", "true"], code: codes(2) },
    { name: "stars", kind: "number", value: numbers((i) => 1 + (i % 5)) },
    { name: "price", kind: "number", value: numbers((i) => 0.5 * 10 ** (5 * noise(i))) },
    { name: "delta", kind: "number", value: numbers((i) => 8 * noise(i + 9) - 3) },
    {
      name: "created",
      kind: "date",
      value: numbers((i) => day + (days < 10 ? days * noise(i + 3) : Math.floor(days * noise(i + 3))) * 86_400_000),
    },
    {
      name: "user",
      kind: "category",
      values: Array.from({ length: 300 }, (_, i) => `user ${String.fromCharCode(97 + (i % 26))}${i}x`),
      code: Int32Array.from({ length: count }, (_, i) => (i % 50 === 49 ? -2 : Math.floor(300 * noise(i) ** 2))),
    },
    { name: "note", kind: "text" },
  ];
}

function itemsOf(options: FixtureOptions): ItemColumns {
  const items = ownItems(options);
  return options.meta ? { ...items, meta: metaOf(options.count, options.days) } : items;
}

function ownItems({ kind, count, labels = [], ready }: FixtureOptions): ItemColumns {
  const label = Int32Array.from({ length: count }, (_, i) =>
    labels.length > 0 ? Math.floor((i * labels.length) / count) : -1,
  );
  if (kind === "lines") {
    const place = Int32Array.from({ length: count }, (_, i) => i + 1);
    return {
      count,
      kind: ready ? "vector" : "text",
      ids: null,
      labels,
      label,
      paths: ["sentences.txt"],
      path: new Int32Array(count),
      placeKind: "line",
      place,
      line: place.slice(),
      source: Int32Array.from({ length: count }, (_, i) => i),
    };
  }
  return {
    count,
    kind: "image",
    ids: null,
    labels,
    label,
    paths: Array.from(
      { length: count },
      (_, i) => `animals/${labels[label[i]!] ?? "x"}/${String(i).padStart(4, "0")}.jpg`,
    ),
    path: Int32Array.from({ length: count }, (_, i) => i),
    placeKind: "none",
    place: new Int32Array(count),
    line: new Int32Array(count),
    source: Int32Array.from({ length: count }, (_, i) => i),
  };
}

/** Two groups of duplicates, three outliers, and doubtful labels where there are labels. */
export function anomaliesOf({ labels, count }: ItemColumns, threshold: number): Anomalies {
  return {
    k: 10,
    threshold,
    duplicates: [
      { items: [2, 3], exact: true, similarity: 1 },
      ...(threshold < 0.99 ? [{ items: [8, 9, 12], exact: false, similarity: 0.981 }] : []),
    ],
    outliers: [4, 11, 17].map((index, at) => ({ index, score: 8.25 - at, times: 2.4 - at / 10 })),
    doubtful:
      labels.length > 1
        ? Array.from({ length: 12 }, (_, at) => ({
            index: (at * 7) % count,
            share: 1 - at / 25,
            label: labels.length - 1,
            votes: 9,
            of: 10,
          }))
        : [],
  };
}

/** Every third item from the eighth on. */
export function foundIn(count: number, k: number): Found {
  const hits = Array.from({ length: Math.min(k, count) }, (_, i) => ({
    index: (7 + i * 3) % count,
    similarity: 0.9 - i / 50,
  }));
  return { hits, truncated: false };
}

/** Every item on a spiral, tied to the next ones. */
export function networkOf(total: number, settings: NetworkSettings): Network {
  const n = Math.min(total, 2_000);
  const ties = Array.from({ length: n }, (_, i) =>
    Array.from({ length: settings.k }, (_, at) => [i, i + 1 + at] as const),
  )
    .flat()
    .filter(([, b]) => b < n);
  const kept = ties.filter(([a, b]) => similarityOf(a, b) >= settings.threshold);
  return {
    settings,
    index: Int32Array.from({ length: n }, (_, i) => i),
    x: Float32Array.from({ length: n }, (_, i) => Math.sqrt(i + 4) * Math.cos(i / 2.4)),
    y: Float32Array.from({ length: n }, (_, i) => Math.sqrt(i + 4) * Math.sin(i / 2.4)),
    source: Int32Array.from(kept, ([a]) => a),
    target: Int32Array.from(kept, ([, b]) => b),
    weight: Float32Array.from(kept, ([a, b]) => similarityOf(a, b)),
    least: Math.min(0, ...ties.slice(0, 1_000).map(([a, b]) => similarityOf(a, b))),
    total,
  };
}

/**
 * What a second model sees in the items of a result: the map turned by a right angle and half as large, with every fifth item elsewhere and
 * with few shared neighbours.
 * @param without items from the first on that the second model left out
 */
export function comparisonOf({ items, x, y, z, fingerprint }: RunResult, model: string, without = 0): PanelComparison {
  const n = items.count - without;
  const index = Int32Array.from({ length: n }, (_, i) => i + without);
  const moves = (i: number): boolean => i % 5 === 4;
  const [mx, my] = [x, y].map((axis) => axis.reduce((sum, value) => sum + value, 0) / Math.max(1, axis.length));
  const shift = Float32Array.from(index, (i) => (moves(i) ? 1 + (i % 7) / 7 : 0.1));
  const overlap = Float32Array.from(index, (i) => (moves(i) ? (i % 3) / 10 : 0.7 + (i % 4) / 10));
  const moved = Int32Array.from(index.keys()).sort(
    (a, b) => overlap[a]! - overlap[b]! || shift[b]! - shift[a]! || a - b,
  );
  return {
    model: { id: model, name: MODELS.find(({ card }) => card.id === model)?.card.name ?? model, dims: 384, tensor: "" },
    index,
    only: [without, 0],
    skipped: Array.from({ length: without }, (_, i) => ({
      path: "sentences.txt",
      place: i + 1,
      reason: "no known word",
    })),
    k: 10,
    overlap,
    mean: overlap.reduce((sum, one) => sum + one, 0) / n,
    axes: [
      Float32Array.from(index, (i) => mx! + 0.5 * (moves(i) ? my! - y[i]! : x[i]! - mx!)),
      Float32Array.from(index, (i) => my! + 0.5 * (moves(i) ? x[i]! - mx! : y[i]! - my!)),
      ...(z ? [Float32Array.from(index, (i) => z[i]!)] : []),
    ],
    disparity: 0.412,
    shift,
    moved,
    fingerprint,
  };
}

/** Pairs of lines are alike, and neighbouring groups a little. */
export function similarityOf(a: number, b: number): number {
  if (a === b) return 1;
  if (a >> 1 === b >> 1) return 0.55 + 0.3 * noise(a + b);
  return -0.12 + 0.4 * noise(Math.min(a, b) * 131 + Math.max(a, b));
}

/** A number of 0..1 that depends on the seed alone. */
function noise(seed: number): number {
  let h = Math.imul(seed + 1, 0x9e3779b9);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 0x1_0000_0000;
}

export function snapshotOf(options: FixtureOptions, change: Partial<Snapshot> = {}): Snapshot {
  const result = resultOf(options);
  return {
    panel: "panel-1",
    title: options.title ?? (options.kind === "lines" ? "sentences.txt" : "animals"),
    view: "map",
    recipe: result.recipe,
    state: { kind: "done" },
    result,
    models: MODELS,
    offer: null,
    compare: { model: null, run: { kind: "idle" } },
    comparison: null,
    ...change,
  };
}
