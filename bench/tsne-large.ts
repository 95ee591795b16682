// t-SNE of many items by grid and by tree: `node --import tsx bench/tsne-large.ts` prints the tables of docs/performance.md, with
// `words 20100` those of one set. Of every set a whole layout each way, in a process of its own; on the way of the first the time of a
// step and how far its forces are off the exact ones.
import { spawnSync } from "node:child_process";
import { bundle } from "./bundle";

const script = bundle("bench/numerics/layouts-large.ts", "layouts-large");
const [named, items] = process.argv.slice(2);
const sets: [string, string][] =
  named && items
    ? [[named, items]]
    : [
        ["words", "10100"],
        ["words", "20100"],
        ["mixture", "25000"],
        ["words", "100000"],
      ];
for (const set of sets) {
  const { status } = spawnSync(process.execPath, [script, ...set], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
