import { join } from "node:path";
import { buildSync } from "esbuild";

const root = join(__dirname, "..");

/**
 * Bundles a source as what ships is, into out/bench; packages are found from the project's folder.
 * @param entry path below the project
 * @returns the path of the script
 */
export function bundle(entry: string, name: string): string {
  const outfile = join(root, "out/bench", `${name}.js`);
  buildSync({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    external: ["onnxruntime-node", "onnxruntime-web", "sharp", "lmdb", "*/hdf5-wasm", "*/sqlite-wasm"],
    logLevel: "warning",
  });
  return outfile;
}
