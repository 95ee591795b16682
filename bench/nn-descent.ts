// Neighbours above 20,000 items: by the engine (cells, then NN-descent), by its cells alone, and by pynndescent with the settings of
// umap-learn, where python3 (or PYTHON) has it: `node --import tsx bench/nn-descent.ts` prints the table of docs/performance.md. Every
// cell of it is a process of its own; pynndescent's is its second call, whose code is compiled.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "./bundle";

const python = process.env.PYTHON ?? "python3";
const script = bundle("bench/numerics/descents.ts", "descents");
const isThere = spawnSync(python, ["-c", "import pynndescent, sklearn"]).status === 0;
const one = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" };
const folder = mkdtempSync(join(tmpdir(), "lens-descent-"));
const file = join(folder, "vectors.npy");

const ours = (way: string, set: string[]): string =>
  execFileSync(process.execPath, [script, way, ...set, file], { encoding: "utf8", env: one }).trim();

function theirs(): string {
  const output = execFileSync(python, [join(__dirname, "numerics/peer.py"), "nndescent", file], {
    encoding: "utf8",
    env: one,
  });
  const { calls, recall } = JSON.parse(/^\{.*\}/m.exec(output)![0]) as { calls: number[]; recall: number };
  return `${calls[1]!.toFixed(1)} s, ${recall.toFixed(3)}`;
}

try {
  console.log("| items | cells, then NN-descent: processor, recall | cells alone | pynndescent, warm |");
  console.log("| --- | --- | --- | --- |");
  for (const set of ["mixture 50000 384", "words 100000 100", "gauss 200000 8", "gauss 200000 16", "gauss 200000 50"]) {
    const named = set.split(" ");
    const cells = [ours("ours", named), ours("cells", named)];
    if (isThere) {
      ours("file", named);
      cells.push(theirs());
    }
    console.log(`| ${set} | ${cells.join(" | ")} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
