// Builds dist/: the extension host, the engine with its threads, the command line, the page and the chart of HTML exports.
import { build, context } from "esbuild";
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
const outdir = process.argv.find((arg) => arg.startsWith("--outdir="))?.slice(9) ?? "dist";

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  logLevel: "warning",
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"' },
};
/** Native packages and VS Code stay outside; everything else is bundled. */
const node = {
  ...common,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode", "onnxruntime-node", "onnxruntime-web", "sharp", "lmdb"],
};
/** Transforms of Vega that none of our specs has, since data are computed before: the page and saved pages go without them. */
const UNUSED = ["crossfilter", "force", "geo", "hierarchy", "label", "regression", "voronoi", "wordcloud"];
const nothing = "./src/webview/chart/nothing.ts";
/** The page is always small, since each panel loads it anew; and vega-embed needs no Vega-Lite for specs of Vega. */
const page = {
  ...common,
  ...{ minify: true, platform: "browser", target: "chrome120", format: "iife" },
  alias: {
    "vega-lite": "./src/webview/chart/no-vega-lite.ts",
    ...Object.fromEntries(UNUSED.map((name) => [`vega-${name}`, nothing])),
  },
};

/** Modules that are files of their own in dist/, by the end of the path that imports them: what is not needed at once is loaded when it is. */
const FILES = {
  /** All but the names of the commands, so that activating the extension costs next to nothing. */
  host: { filter: /\/host$/, entry: "src/extension/host.ts" },
  /** Vega in Node. */
  svg: { filter: /\/export\/svg$/, entry: "src/export/svg.ts" },
  /** Writers of Parquet and Arrow; also the thread in which the extension runs them. */
  tables: { filter: /\/export\/tables$/, entry: "src/export/tables/thread.ts" },
  /** Charts, servers and downloads of the command line. */
  "cli-charts": { filter: /^\.\/charts$/, entry: "src/cli/charts.ts" },
  "cli-online": { filter: /^\.\/online$/, entry: "src/cli/online.ts" },
  cohere: { filter: /\/cohere-client$/, entry: "src/online/remote/cohere-client.ts" },
  /** 5 MB of WebAssembly. */
  hdf5: { filter: /\/hdf5-wasm$/, entry: "src/engine/tables/hdf5/hdf5-wasm.ts" },
  /** SQLite likewise; its WebAssembly is a file beside it. */
  sqlite: { filter: /^\..*\/sqlite-wasm$/, entry: "src/engine/tables/sqlite/sqlite-wasm.ts" },
  /** All readers of tables but that of .npy: neither a thread that computes nor a map of few vectors needs them. */
  readers: { filter: /\/readers$/, entry: "src/engine/tables/readers.ts" },
  parquet: { filter: /\/parquet-library$/, entry: "src/engine/tables/parquet/parquet-library.ts" },
  "parquet-writer": { filter: /\/parquet-writer$/, entry: "src/engine/tables/copy/parquet-writer.ts" },
  arrow: { filter: /\/arrow-library$/, entry: "src/engine/tables/arrow/arrow-library.ts" },
  zip: { filter: /\/zip-library$/, entry: "src/engine/tables/zip-library.ts" },
  xml: { filter: /\/xml-library$/, entry: "src/engine/tables/xlsx/xml-library.ts" },
  tokenizer: { filter: /\/tokenizer-library$/, entry: "src/engine/embed/tokenizer-library.ts" },
};
const entry = (name) => ({ [name]: FILES[name].entry });
/** Leaves these files out of a bundle. Their own modules, and those of the same bundle that import them, are initialised when they are first imported. */
const apart = (...names) => ({
  name: "apart",
  setup: ({ onResolve }) => {
    for (const name of names) {
      onResolve({ filter: FILES[name].filter }, ({ kind }) =>
        kind === "entry-point" ? undefined : { path: `./${name}.js`, external: true },
      );
    }
  },
});
/** What an ES module knows of its own place, for one that becomes CommonJS. */
const ownUrl = {
  define: { ...common.define, "import.meta.url": "ownUrl" },
  banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
};
/** Messages between processes: what imports them but is not used itself need not load them. */
const messagesWhenUsed = {
  name: "messages-when-used",
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^vscode-jsonrpc/ }, async ({ path, pluginData, ...from }) =>
      pluginData === "found"
        ? undefined
        : { ...(await resolve(path, { ...from, pluginData: "found" })), sideEffects: false },
    ),
};
/** `import()` becomes `require`: the extension host and the command line load a file without another turn of the loop. */
const required = { ...node, supported: { "dynamic-import": false }, minifyWhitespace: true };
const LIBRARIES = ["parquet", "parquet-writer", "arrow", "zip", "xml", "tokenizer"];
const FORMATS = ["hdf5", "sqlite", ...LIBRARIES];

const bundles = {
  extension: {
    ...required,
    entryPoints: { extension: "src/extension/main.ts", ...entry("host") },
    plugins: [apart("host", "cohere")],
  },
  engine: {
    ...node,
    entryPoints: { engine: "src/engine/main.ts", worker: "src/engine/worker.ts" },
    plugins: [apart("readers", ...FORMATS)],
  },
  few: { ...required, entryPoints: { few: "src/engine/few.ts" }, plugins: [apart("readers", ...FORMATS)] },
  readers: { ...node, entryPoints: entry("readers"), plugins: [apart(...FORMATS)] },
  hdf5: { ...node, ...ownUrl, entryPoints: entry("hdf5"), charset: "utf8" },
  sqlite: { ...node, ...ownUrl, entryPoints: entry("sqlite") },
  formats: {
    ...node,
    entryPoints: Object.assign({}, ...LIBRARIES.map(entry)),
  },
  start: { ...required, entryPoints: { cli: "src/cli/start.ts" }, banner: { js: "#!/usr/bin/env node" } },
  cli: {
    ...required,
    entryPoints: { "cli-main": "src/cli/main.ts" },
    plugins: [apart("cli-charts", "cli-online", "cohere", "tables", "readers", ...FORMATS), messagesWhenUsed],
  },
  "cli-parts": {
    ...required,
    entryPoints: { ...entry("cli-charts"), ...entry("cli-online") },
    plugins: [apart("svg", "cohere")],
  },
  // Vega's builds for Node wait for an optional canvas at their top level, which a CommonJS file cannot.
  svg: { ...node, platform: "browser", external: [], entryPoints: entry("svg") },
  tables: { ...node, entryPoints: entry("tables") },
  cohere: { ...node, entryPoints: entry("cohere") },
  webview: { ...page, entryPoints: { webview: "src/webview/main.ts" } },
  chart: { ...page, entryPoints: { chart: "src/webview/standalone.ts" }, sourcemap: false },
};
/** Has the command line map a few vectors, so that V8 leaves what it compiles for that beside the scripts (`src/cli/code-cache.ts`). */
async function writeCodeCache() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "lens-build-"));
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (20, 8), }".padEnd(117) + "\n";
  const values = Float32Array.from({ length: 160 }, (_, i) => Math.sin(i * i));
  const npy = Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(header, "latin1"),
    Buffer.from(values.buffer),
  ]);
  const file = path.join(folder, "few.npy");
  await writeFile(file, npy);
  const { status } = spawnSync(
    process.execPath,
    [path.join(outdir, "cli.js"), "map", file, "--cache", "none", "--quiet"],
    {
      env: { ...process.env, EMBEDDING_LENS_WRITE_CODE_CACHE: "1" },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  await rm(folder, { recursive: true });
  if (status !== 0) throw new Error("The command line that was built cannot map a few vectors.");
}

const options = Object.entries(bundles).map(([name, bundle]) => [name, { ...bundle, outdir }]);

await mkdir(`${outdir}/meta`, { recursive: true });
await copyFile("node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm", `${outdir}/sqlite3.wasm`);

if (watch) {
  for (const [, bundle] of options) await (await context(bundle)).watch();
} else {
  await Promise.all(
    options.map(async ([name, bundle]) => {
      const { metafile } = await build(bundle);
      await writeFile(`${outdir}/meta/${name}.json`, JSON.stringify(metafile));
    }),
  );
  if (!production) await writeCodeCache();
}
