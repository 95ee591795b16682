// Compiles simd/kernels.ts (AssemblyScript) into src/engine/simd/module.ts: `node scripts/build-simd.mjs`, with --check only compares.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import asc from "assemblyscript/asc";

/** Pages of 64 KB that the memory may have at most: 4 GB. */
const MOST_PAGES = 65536;
const folder = await mkdtemp(path.join(os.tmpdir(), "lens-simd-"));
const out = path.join(folder, "kernels.wasm");
const { error, stderr } = await asc.main([
  "simd/kernels.ts",
  "--outFile",
  out,
  "--runtime=stub",
  "--noAssert",
  "-O3",
  "--converge",
  "--enable=simd",
  "--enable=threads",
  "--importMemory",
  "--sharedMemory",
  "--maximumMemory",
  String(MOST_PAGES),
  "--use",
  "abort=",
]);
if (error) throw new Error(String(stderr));
const bytes = await readFile(out);
await rm(folder, { recursive: true });
const target = "src/engine/simd/module.ts";
const text = `// Made from simd/kernels.ts by scripts/build-simd.mjs: do not edit.
export const MODULE =
  "${bytes.toString("base64")}";
`;
if (process.argv.includes("--check")) {
  if (text !== (await readFile(target, "utf8"))) {
    console.error(`${target} is not what simd/kernels.ts compiles to: run node scripts/build-simd.mjs`);
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
  console.log(`${target}: ${bytes.length} bytes of WebAssembly`);
}
