// AssemblyScript: the inner loops of t-SNE and UMAP on four numbers at once. scripts/build-simd.mjs compiles it into
// src/engine/simd/modules.ts. Every function has a path in TypeScript that says what it computes;
// test/unit/reduce/simd.test.ts and interpolation.test.ts hold the two together. Addresses are bytes in the memory that the caller brings.
export { convolve, spectrum, spread, take } from "./fourier";
export { attract2, attract3, push2, push3 } from "./tsne";
export { full2, sweep2, sweep3, tables } from "./umap";
