// Bundles test files into out/tests, each with the sources it imports: transforming every source anew in every test process took
// half of the time that unit tests need.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/** `__dirname` means the folder of the source, not of the bundle. */
const folders = {
  name: "folders",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      if (!text.includes("__dirname")) return undefined;
      return { contents: text.replaceAll("__dirname", JSON.stringify(path.dirname(file))), loader: "ts" };
    });
  },
};

/**
 * @param files test files below test/
 * @returns the bundles, in the same order
 */
export async function bundleTests(files) {
  await build({
    entryPoints: files,
    outdir: "out/tests",
    outbase: "test",
    bundle: true,
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
    plugins: [folders],
  });
  return files.map((file) => file.replace(/^test\//, "out/tests/").replace(/\.ts$/, ".js"));
}
