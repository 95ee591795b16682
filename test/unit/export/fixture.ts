import type { RunResult, SimilarityMatrix } from "../../../src/protocol/result";
import { parseRecipe, type RecipeInput } from "../../../src/protocol/recipe";
import { triangleOf } from "../../support/triangle";

/** A finished run over lines, one for each text, with coordinates that are easy to read. */
export function resultOf(
  texts: readonly string[],
  change: Partial<RunResult> = {},
  recipe: Partial<RecipeInput> = {},
): RunResult {
  const count = texts.length;
  const ramp = (from: number, step: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => from + step * i);
  const lines = Int32Array.from({ length: count }, (_, i) => i + 1);
  return {
    version: 1,
    recipe: parseRecipe({
      version: 1,
      source: { kind: "lines", paths: ["notes.txt"] },
      model: "glove-100d",
      ...recipe,
    }),
    model: { id: "glove-100d", name: "GloVe", dims: 100, tensor: "mean" },
    items: {
      count,
      kind: "text",
      source: Int32Array.from({ length: count }, (_, i) => i),
      ids: null,
      labels: [],
      label: new Int32Array(count).fill(-1),
      paths: ["notes.txt"],
      path: new Int32Array(count),
      placeKind: "line",
      place: lines,
      line: lines,
    },
    total: count,
    x: ramp(0.1, 1),
    y: ramp(-0.5, 0.25),
    axes: ["UMAP 1", "UMAP 2"],
    cluster: new Int32Array(0),
    clusters: [],
    quality: null,
    skipped: [],
    warnings: [],
    timings: { items: 1, embed: 2, neighbors: 3, reduce: 4, cluster: 0, quality: 5, total: 15 },
    fingerprint: "f",
    ...change,
  };
}

/** The similarity of items i and j is 1 − |i − j| / n. */
export function matrixOf(n: number): SimilarityMatrix {
  return {
    index: Int32Array.from({ length: n }, (_, i) => i),
    triangle: triangleOf(n, (i, j) => 1 - Math.abs(i - j) / n),
    total: n,
    metric: "cosine",
  };
}

/** Texts that would do harm if they were anything but text. */
export const HOSTILE = [
  "</script><script>globalThis.pwned = 1</script>",
  '<img src=x onerror="globalThis.pwned = 1">',
  '=HYPERLINK("http://evil.example","click")',
  "${globalThis.pwned = 1} <!-- \u2028 & ' \" ]]>",
  "datum.pwned; [1]; javascript:alert(1)",
] as const;
