// A bundle of its own (see scripts/build.mjs): most runs never need it.
export { Dataset, File, Group, ready } from "h5wasm/node";
