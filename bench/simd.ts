// The table of kernels in docs/performance.md: `node --import tsx bench/simd.ts`. Bundled as what ships is: imported constants
// cost the TypeScript paths several times as much when every module is a file.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";

const root = join(__dirname, "..");
const outfile = join(root, "out/bench/kernels.js");
buildSync({
  entryPoints: [join(__dirname, "numerics/kernels.ts")],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  external: ["onnxruntime-node", "onnxruntime-web", "sharp", "lmdb"],
  logLevel: "warning",
});
process.exitCode = spawnSync(process.execPath, [outfile], { stdio: "inherit" }).status ?? 1;
