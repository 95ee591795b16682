// The table of kernels in docs/performance.md: `node --import tsx bench/simd.ts`. Bundled as what ships is: imported constants
// cost the TypeScript paths several times as much when every module is a file.
import { spawnSync } from "node:child_process";
import { bundle } from "./bundle";

const script = bundle("bench/numerics/kernels.ts", "kernels");
process.exitCode = spawnSync(process.execPath, [script], { stdio: "inherit" }).status ?? 1;
