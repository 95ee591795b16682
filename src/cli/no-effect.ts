import type { Recipe } from "../protocol/recipe";
import type { AskCommand, RunCommand } from "./arguments";
import type { Given } from "./options";

const OF_MAP = [
  "reduce",
  "dims",
  "neighbors",
  "min-dist",
  "perplexity",
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

/** A sentence for each option that is valid but changes nothing in this run. */
export function noEffect(command: RunCommand | AskCommand, given: Given, recipe: Recipe): string[] {
  if (given.long !== undefined && recipe.source.kind === "images") {
    return [
      `--long has no effect on ${recipe.source.kind}: it is for texts.`,
      ...noEffect(command, withoutLong(given), recipe),
    ];
  }
  if (command !== "map" && command !== "compare") {
    const idle = OF_MAP.filter((name) => given[name] !== undefined);
    if (command === "embed" && given.metric !== undefined)
      return [...idle, "metric"].map((name) => notOf(name, command));
    return idle.map((name) => notOf(name, command));
  }
  const { method } = recipe.reduce;
  const sentences = OF_METHOD.filter(([name, of]) => given[name] !== undefined && of !== method).map(
    ([name, of]) => `--${name} has no effect with --reduce ${method}: it belongs to ${of}.`,
  );
  const clustering = recipe.cluster.method;
  if (given.k !== undefined && (clustering === "dbscan" || clustering === "hdbscan")) {
    sentences.push(`--k has no effect with --cluster ${clustering}, which finds the number by itself.`);
  }
  for (const [name, of] of Object.entries(OF_CLUSTERS) as [keyof typeof OF_CLUSTERS, string][]) {
    if (given[name] === undefined || of === clustering) continue;
    sentences.push(`--${name} has no effect with --cluster ${clustering}: it belongs to ${of}.`);
  }
  if (given.k !== undefined && clustering === "agglomerative" && recipe.cluster.distance !== undefined)
    sentences.push("--k has no effect with --distance, which says where to cut.");
  return sentences;
}

const withoutLong = ({ long: _, ...given }: Given): Given => given;

const notOf = (name: string, command: RunCommand | AskCommand): string => `--${name} has no effect on ${command}.`;
