import type { PanelRecord } from "../../../src/extension/panel-records";
import { newRecipe } from "../../../src/extension/sources";
import type { RunResult } from "../../../src/protocol/result";

export const record = (change: Partial<PanelRecord> = {}): PanelRecord => ({
  id: "one",
  recipe: newRecipe({ kind: "lines", paths: ["a.txt"] }, "glove-100d"),
  base: "/data",
  documents: {},
  view: "map",
  ...change,
});

/** A result of `count` lines of a.txt. */
export const result = (count = 3, change: Partial<RunResult> = {}): RunResult => ({
  version: 1,
  recipe: record().recipe,
  model: { id: "glove-100d", name: "GloVe", dims: 100, tensor: "mean" },
  items: {
    count,
    kind: "text",
    source: Int32Array.from({ length: count }, (_, i) => i + 10),
    ids: null,
    labels: ["greeting"],
    label: Int32Array.from({ length: count }, (_, i) => (i === 0 ? 0 : -1)),
    paths: ["a.txt"],
    path: new Int32Array(count),
    placeKind: "line",
    place: Int32Array.from({ length: count }, (_, i) => i + 1),
    line: Int32Array.from({ length: count }, (_, i) => i + 1),
  },
  total: count,
  x: Float32Array.from({ length: count }, (_, i) => i),
  y: new Float32Array(count),
  axes: ["UMAP 1", "UMAP 2"],
  cluster: new Int32Array(0),
  clusters: [],
  quality: null,
  skipped: [],
  warnings: [],
  timings: { items: 1, embed: 1, neighbors: 1, reduce: 1, cluster: 0, quality: 0, total: 4 },
  fingerprint: "f1",
  ...change,
});
