// A bundle of its own (see scripts/build.mjs): most runs never need it.
/** The library itself; by `import()`, since the package can only be imported, never required. */
export const sqliteWasm = () => import("@sqlite.org/sqlite-wasm");
