// Compiles simd/*.ts (AssemblyScript) into src/engine/simd/modules.ts: `node scripts/build-simd.mjs`, with --check only compares;
// `node scripts/build-simd.mjs FILE OUT.wasm` compiles one file for a bench.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import asc from "assemblyscript/asc";

/** Pages of 64 KB that a memory may have at most: 4 GB. */
const MOST_PAGES = 65536;
/** Threads share the memory of a layout; that of scores is for onnxruntime too, which takes no shared memory. */
const MODULES = { LAYOUT: { file: "simd/layout.ts", shared: true }, SCORES: { file: "simd/scores.ts", shared: false } };

async function compile({ file, shared }, out) {
  const { error, stderr } = await asc.main([
    file,
    "--outFile",
    out,
    "--runtime=stub",
    "--noAssert",
    "-O3",
    "--converge",
    "--enable=simd",
    "--importMemory",
    "--maximumMemory",
    String(MOST_PAGES),
    ...(shared ? ["--enable=threads", "--sharedMemory"] : []),
    "--use",
    "abort=",
  ]);
  if (error) throw new Error(String(stderr));
}

/** Both modules as the text of a TypeScript file. */
async function modules() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "lens-simd-"));
  const out = path.join(folder, "kernels.wasm");
  const constants = [];
  for (const [name, module] of Object.entries(MODULES)) {
    await compile(module, out);
    constants.push(`export const ${name} =\n  "${(await readFile(out)).toString("base64")}";\n`);
  }
  await rm(folder, { recursive: true });
  return `// Made from simd/*.ts by scripts/build-simd.mjs: do not edit.\n${constants.join("\n")}`;
}

const target = "src/engine/simd/modules.ts";
const [file, out] = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
if (file) {
  await compile({ file, shared: false }, out);
} else if (process.argv.includes("--check")) {
  if ((await modules()) !== (await readFile(target, "utf8"))) {
    console.error(`${target} is not what simd/*.ts compile to: run node scripts/build-simd.mjs`);
    process.exitCode = 1;
  }
} else {
  const text = await modules();
  await writeFile(target, text);
  console.log(`${target}: ${text.length} characters`);
}
