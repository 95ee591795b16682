// Builds dist/: the extension host, the engine with its threads, the command line, the page and the chart of HTML exports.
import { build, context } from "esbuild";
import { copyFile, mkdir, writeFile } from "node:fs/promises";

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
/** The page is always small, since each panel loads it anew; and vega-embed needs no Vega-Lite for specs of Vega. */
const page = {
  ...common,
  ...{ minify: true, platform: "browser", target: "chrome120", format: "iife" },
  alias: { "vega-lite": "./src/webview/chart/no-vega-lite.ts" },
};

/** Vega in Node is a file of its own that the command line loads only to draw. */
const drawingApart = {
  name: "drawing-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/export\/svg$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./svg.js", external: true } : undefined,
    ),
};
/** Cohere's client is a file of its own that is loaded with the first call to it. */
const cohereApart = {
  name: "cohere-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/cohere-client$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./cohere.js", external: true } : undefined,
    ),
};
/** HDF5 (5 MB of WebAssembly) is a file of its own that a worker loads with the first such file. */
const hdf5Apart = {
  name: "hdf5-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/hdf5-wasm$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./hdf5.js", external: true } : undefined,
    ),
};
/** SQLite likewise; its WebAssembly is a file beside it. */
const sqliteApart = {
  name: "sqlite-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/sqlite-wasm$/ }, ({ kind, path }) =>
      kind === "dynamic-import" && path.startsWith(".") ? { path: "./sqlite.js", external: true } : undefined,
    ),
};
/** What an ES module knows of its own place, for one that becomes CommonJS. */
const ownUrl = {
  define: { ...common.define, "import.meta.url": "ownUrl" },
  banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
};
/** What the extension needs for its first command is a file of its own, so that activating it costs next to nothing. */
const hostApart = {
  name: "host-apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/host$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./host.js", external: true } : undefined,
    ),
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
const lazy = {
  ...node,
  supported: { "dynamic-import": false },
  plugins: [drawingApart, cohereApart, messagesWhenUsed],
};

const bundles = [
  {
    ...node,
    entryPoints: { extension: "src/extension/main.ts", host: "src/extension/host.ts" },
    supported: { "dynamic-import": false },
    plugins: [hostApart, cohereApart],
  },
  {
    ...node,
    entryPoints: { engine: "src/engine/main.ts", worker: "src/engine/worker.ts" },
    plugins: [hdf5Apart, sqliteApart],
  },
  { ...node, ...ownUrl, entryPoints: { hdf5: "src/engine/tables/hdf5/hdf5-wasm.ts" }, charset: "utf8" },
  { ...node, ...ownUrl, entryPoints: { sqlite: "src/engine/tables/sqlite/sqlite-wasm.ts" } },
  { ...lazy, entryPoints: { cli: "src/cli/main.ts" }, banner: { js: "#!/usr/bin/env node" } },
  // Vega's builds for Node wait for an optional canvas at their top level, which a CommonJS file cannot.
  { ...node, platform: "browser", external: [], entryPoints: { svg: "src/export/svg.ts" } },
  // Writers of Parquet and Arrow run in a thread of whoever saves.
  { ...node, entryPoints: { tables: "src/export/tables/thread.ts" } },
  { ...node, entryPoints: { cohere: "src/online/remote/cohere-client.ts" } },
  { ...page, entryPoints: { webview: "src/webview/main.ts" } },
  { ...page, entryPoints: { chart: "src/webview/standalone.ts" }, sourcemap: false },
].map((options) => ({ ...options, outdir }));

await mkdir(`${outdir}/meta`, { recursive: true });
await copyFile("node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm", `${outdir}/sqlite3.wasm`);

if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  const results = await Promise.all(bundles.map((options) => build(options)));
  const names = ["extension", "engine", "hdf5", "sqlite", "cli", "svg", "tables", "cohere", "webview", "chart"];
  await Promise.all(
    results.map((result, i) => writeFile(`${outdir}/meta/${names[i]}.json`, JSON.stringify(result.metafile))),
  );
}
