import { readFileSync, statSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** Set by the build: what is loaded leaves its cache when the process ends. */
const WRITE = "EMBEDDING_LENS_WRITE_CODE_CACHE";
/** A cache begins with the time (ms) and the size of the file that it belongs to. */
const HEAD_BYTES = 16;

type Wrapper = (exports: unknown, require: NodeJS.Require, module: unknown, file: string, folder: string) => void;

/**
 * Loads a script of this folder as `require` does, with what V8 had compiled of it when it was built. A cache of another build is
 * not read; one of another V8, or of other options of it, V8 refuses by itself.
 */
export function load(file: string): unknown {
  const { mtimeMs, size } = statSync(file);
  const head = Buffer.from(Float64Array.of(mtimeMs, size).buffer);
  const cache = `${file}.cache`;
  const cachedData = read(cache, head);
  const source = Module.wrap(readFileSync(file, "utf8"));
  const script = new Script(source, { filename: file, ...(cachedData && { cachedData }) });
  if (process.env[WRITE] !== undefined) {
    process.on("exit", () => writeFileSync(cache, Buffer.concat([head, script.createCachedData()])));
  }
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, require, module, file, dirname(file));
  return module.exports;
}

function read(cache: string, head: Buffer): Buffer | null {
  try {
    const bytes = readFileSync(cache);
    return bytes.subarray(0, HEAD_BYTES).equals(head) ? bytes.subarray(HEAD_BYTES) : null;
  } catch {
    return null;
  }
}
