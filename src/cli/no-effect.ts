import type { HeatmapOrder } from "../charts/order";
import type { Recipe } from "../protocol/recipe";
import type { AskCommand, RunCommand } from "./arguments";
import type { TableParts } from "./dataset";
import type { Given, OptionName } from "./options";

/** Options of a layout, which ready coordinates have already. */
const OF_LAYOUT = ["reduce", "dims", "neighbors", "min-dist", "perplexity"] as const;

const OF_MAP = [
  ...OF_LAYOUT,
  "cluster",
  "cluster-on",
  "k",
  "eps",
  "min-points",
  "min-cluster-size",
  "min-samples",
  "linkage",
  "distance",
] as const;

/** Options of a method that another method does not read. */
const OF_METHOD: readonly (readonly ["neighbors" | "min-dist" | "perplexity", Recipe["reduce"]["method"]])[] = [
  ["neighbors", "umap"],
  ["min-dist", "umap"],
  ["perplexity", "tsne"],
];

/** Options of a way of clustering that the others do not read. */
const OF_CLUSTERS = {
  eps: "dbscan",
  "min-points": "dbscan",
  "min-cluster-size": "hdbscan",
  "min-samples": "hdbscan",
  linkage: "agglomerative",
  distance: "agglomerative",
} as const;

/** What is known of a run beside its recipe. */
interface Known {
  /** What the columns of a dataset are. */
  table?: TableParts | null | undefined;
  /** Of the heatmap. */
  order?: HeatmapOrder;
}

/**
 * A sentence for each option that is valid but changes nothing in this run.
 */
export function noEffect(
  command: RunCommand | AskCommand,
  given: Given,
  recipe: Recipe,
  { table = null, order = "given" }: Known = {},
): string[] {
  return [...ofSource(given, recipe, table), ...ofRun(command, given, recipe, { table, order })];
}

/** What says how texts and pictures are read and embedded has nothing to do where vectors are ready. */
function ofSource(given: Given, { source, metric }: Recipe, table: TableParts | null): string[] {
  const kind = source.kind === "images" || table?.items === "image" ? "pictures" : null;
  const ready = table?.items === "vector" ? "vectors and coordinates that are ready" : null;
  const sentences: string[] = [];
  if (given.long !== undefined && (kind ?? ready))
    sentences.push(`--long has no effect on ${(kind ?? ready)!}: it is for texts.`);
  if (given.model !== undefined && ready) sentences.push(`--model has no effect on ${ready}: nothing is embedded.`);
  if (given.stratify !== undefined && table?.used.label === null)
    sentences.push("--stratify has no effect: no column is the label.");
  if (given.metric !== undefined && metric !== "euclidean" && table && onlyCoordinates(table))
    sentences.push("--metric has no effect on coordinates alone: they are compared by their distances.");
  return sentences;
}

const onlyCoordinates = ({ used, items }: TableParts): boolean => items === "vector" && used.vector === null;

function ofRun(
  command: RunCommand | AskCommand,
  given: Given,
  recipe: Recipe,
  { table, order }: { table: TableParts | null; order: HeatmapOrder },
): string[] {
  const layout = (): string[] => drawnAsGiven(given, recipe, table) ?? ofLayout(given, recipe);
  const idle = (names: readonly OptionName[]): string[] =>
    names.filter((name) => given[name] !== undefined).map((name) => notOf(name, command));
  switch (command) {
    case "map":
    case "compare":
      return [...layout(), ...ofClusters(given, recipe), ...idle(["order"])];
    case "similarity": {
      if (order !== "cluster") return [...idle(OF_MAP), ...withoutPicture(given, order)];
      const onMap = recipe.cluster.on === "map";
      return [...(onMap ? layout() : idle(OF_LAYOUT)), ...ofClusters(given, recipe)];
    }
    case "embed":
      // Of ready vectors the metric tells whether zeros are left out.
      return idle([...OF_MAP, ...(table?.items === "vector" ? [] : (["metric"] as const)), "order"]);
    case "search":
    case "network":
    case "findings":
      return idle([...OF_MAP, "order"]);
  }
}

/** An order is seen in a picture alone: the files of numbers keep that of the source. */
const withoutPicture = (given: Given, order: HeatmapOrder): string[] =>
  given.order === undefined || given.order === order
    ? []
    : ["--order has no effect without a picture of the heatmap: add --out NAME.html, .svg or .png."];

/** The options of a layout that is not made, since there are coordinates; null when it is made. */
function drawnAsGiven(given: Given, { reduce: { method } }: Recipe, table: TableParts | null): string[] | null {
  if (!table || table.used.map.length === 0) return null;
  if (method !== "none" && !onlyCoordinates(table)) return null;
  const idle = OF_LAYOUT.filter((name) => given[name] !== undefined && given[name] !== "none");
  return idle.map(
    (name) => `--${name} has no effect on coordinates that are ready: they are drawn as they are.${wayOut(table)}`,
  );
}

function wayOut({ used: { vector, text, map } }: TableParts): string {
  if (vector !== null) return " --reduce umap lays out the vectors.";
  if (text !== null) return " --map none lays out the texts.";
  return map.length === 1 ? " --map none lays them out as vectors." : "";
}

function ofLayout(given: Given, { reduce: { method } }: Recipe): string[] {
  return OF_METHOD.filter(([name, of]) => given[name] !== undefined && of !== method).map(
    ([name, of]) => `--${name} has no effect with --reduce ${method}: it belongs to ${of}.`,
  );
}

function ofClusters(given: Given, { cluster: { method: clustering, distance } }: Recipe): string[] {
  const sentences: string[] = [];
  if (given.k !== undefined && (clustering === "dbscan" || clustering === "hdbscan")) {
    sentences.push(`--k has no effect with --cluster ${clustering}, which finds the number by itself.`);
  }
  for (const [name, of] of Object.entries(OF_CLUSTERS) as [keyof typeof OF_CLUSTERS, string][]) {
    if (given[name] === undefined || of === clustering) continue;
    sentences.push(`--${name} has no effect with --cluster ${clustering}: it belongs to ${of}.`);
  }
  if (given.k !== undefined && clustering === "agglomerative" && distance !== undefined)
    sentences.push("--k has no effect with --distance, which says where to cut.");
  return sentences;
}

const notOf = (name: string, command: RunCommand | AskCommand): string => `--${name} has no effect on ${command}.`;
