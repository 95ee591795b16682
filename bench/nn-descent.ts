// Neighbours above 20,000 items by the inverted file and by an NN-descent of our own: `node --import tsx bench/nn-descent.ts` prints the
// table of docs/performance.md. Every line is a process of its own.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { bundle } from "./bundle";

const root = join(__dirname, "..");
const kernel = join(root, "out/bench/local-join.wasm");
const script = bundle("bench/numerics/descents.ts", "descents");
execFileSync(process.execPath, ["scripts/build-simd.mjs", "simd/local-join.ts", kernel], { cwd: root });

console.log("| items | inverted file: processor, recall | list and candidates | NN-descent: at 0.95 | at its end |");
console.log("| --- | --- | --- | --- | --- |");
for (const set of ["mixture 50000 384", "words 100000 100", "gauss 200000 8", "gauss 200000 16", "gauss 200000 50"]) {
  for (const size of [18, 30]) {
    const { status } = spawnSync(process.execPath, [script, kernel, String(size), ...set.split(" ")], {
      stdio: "inherit",
    });
    if (status !== 0) process.exit(1);
  }
}
