// Records the layouts of a small neighbour graph: `node --import tsx bench/layouts.ts` writes
// test/golden/layouts.json. Only to be run again when a layout is meant to change.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearestNeighbors } from "../src/engine/analyze/neighbors";
import { layoutsOf } from "../test/support/layouts";
import { mixture, quiet } from "../test/support/numerics";

const short = (values: Iterable<number>): number[] => Array.from(values, (value) => Number(value.toPrecision(6)));

void (async () => {
  const { matrix } = mixture(240, 16, { clusters: 6, spread: 1.1, seed: 11 });
  const found = await nearestNeighbors(matrix, 10, "euclidean", quiet);
  const graph = { ...found, distance: Float32Array.from(short(found.distance)) };
  const layouts = Object.entries(await layoutsOf(graph)).map(([name, values]) => [name, short(values as number[])]);
  const golden = {
    count: graph.count,
    index: [...graph.index],
    distance: short(graph.distance),
    ...(Object.fromEntries(layouts) as Record<string, number[]>),
  };
  const file = join(__dirname, "../test/golden/layouts.json");
  writeFileSync(file, `${JSON.stringify(golden)}\n`);
  console.log(file);
})();
