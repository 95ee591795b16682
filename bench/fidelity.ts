// The table of fidelity in docs/performance.md: `node --import tsx bench/fidelity.ts [set...]`, or with more seeds
// `SEEDS=10 node --import tsx bench/fidelity.ts [set...]`, or by distances instead of cosines with METRIC=euclidean.
//
// Maps of real vectors, ours and those of umap-learn and scikit-learn, judged by the same scikit-learn: trustworthiness
// (10 neighbours) and the share of items whose label a vote of their ten nearest on the map gives; each the mean
// and the standard deviation of one of three seeds, and how often the means of three seeds are more than 0.003 below the
// reference: ours, and the reference beside other seeds of itself (with six seeds and more). Needs the data
// (EMBEDDING_LENS_DATA, ../shared) and the peers of bench/performance.ts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { isThere, mapsOf, REAL_SETS, realSet } from "../test/support/real-sets";
import type { Matrix } from "../src/engine/types";
import { mixture, npy } from "./numerics/data";

const SEEDS = Array.from({ length: Number(process.env["SEEDS"] ?? 3) }, (_, i) => i + 1);

const metric = process.env["METRIC"] === "euclidean" ? "euclidean" : "cosine";

/** Mean and standard deviation over the seeds. */
type Spread = [number, number];
interface Figure {
  ours: Spread;
  reference: Spread;
  /** How often the means of three seeds miss the aim: ours beside the reference, and the reference beside itself. */
  misses: number[];
}
/** t-SNE of larger sets takes scikit-learn minutes. */
const MOST_FOR_TSNE = 15_000;

/** Labelled sets of more than 20,000 items are not at hand: clusters in their stead, by their number of items. */
const MIXTURE = /^mixture-(\d+)$/;

function setOf(name: string): Promise<{ matrix: Matrix; labels: Int32Array | null }> {
  const rows = MIXTURE.exec(name)?.[1];
  if (rows === undefined) return realSet(name);
  const { matrix, label } = mixture(Number(rows), 384);
  return Promise.resolve({ matrix, labels: label });
}

async function compare(name: string, folder: string): Promise<void> {
  const { matrix, labels } = await setOf(name);
  writeFileSync(join(folder, "vectors.npy"), npy(matrix.data, [matrix.rows, matrix.cols]));
  rmSync(join(folder, "labels.npy"), { force: true });
  if (labels) writeFileSync(join(folder, "labels.npy"), npy(labels, [matrix.rows]));
  const methods = matrix.rows <= MOST_FOR_TSNE ? (["umap", "tsne"] as const) : (["umap"] as const);
  for (const method of methods) {
    for (const [at, { x, y }] of (await mapsOf(matrix, method, SEEDS, metric)).entries()) {
      const points = Float32Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x : y)[i >> 1]!);
      writeFileSync(join(folder, `${method}-${SEEDS[at]}.npy`), npy(points, [x.length, 2]));
    }
  }
  const python = process.env["PYTHON"] ?? "/usr/bin/python3";
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" };
  const { status, stdout, stderr } = spawnSync(
    python,
    [join(__dirname, "numerics/fidelity.py"), folder, String(SEEDS.length), metric, ...methods],
    {
      env,
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  const found = JSON.parse(stdout) as Record<"umap" | "tsne", Record<"trust" | "accuracy", Figure | null>>;
  for (const method of methods) {
    const { trust, accuracy } = found[method];
    const cells = [trust, accuracy].flatMap((figure) =>
      figure
        ? [
            `${show(figure.ours)} / ${show(figure.reference)}`,
            figure.misses.map((share) => share.toFixed(2)).join(" / "),
          ]
        : ["", ""],
    );
    console.log(`| ${[name, `${matrix.rows}×${matrix.cols}`, method, ...cells].join(" | ")} |`);
  }
}

const show = ([mean, deviation]: Spread): string => `${mean.toFixed(4)} ±${deviation.toFixed(4).slice(1)}`;

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  console.log(
    "| set | items | method | trust: ours / reference | misses | 10-NN accuracy: ours / reference | misses |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  const folder = mkdtempSync(join(os.tmpdir(), "lens-fidelity-"));
  try {
    for (const name of named.length > 0 ? named : Object.keys(REAL_SETS)) {
      if (MIXTURE.test(name) || isThere(name)) await compare(name, folder);
      else console.log(`| ${name} | not there: set EMBEDDING_LENS_DATA | | | | | |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
