import { withMinus } from "../charts/text";
import type { ClusterQuality, LabelAccuracy, Quality, RunResult } from "../protocol/result";
import { number } from "./words";

/** A figure with its name and what it means. */
export interface Figure {
  name: string;
  value: string;
  meaning: string;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const figure = (value: number): string => withMinus(value.toFixed(3));

/** Of the map: what is near on it and in the vectors. */
export function qualityRows({
  k,
  trustworthiness,
  continuity,
  neighborsKept,
  distanceCorrelation,
  sample,
}: Quality): Figure[] {
  return [
    {
      name: "Trustworthiness",
      value: figure(trustworthiness),
      meaning: `What is near on the map is near in the vectors (1 is best; ${k} neighbours).`,
    },
    {
      name: "Continuity",
      value: figure(continuity),
      meaning: `What is near in the vectors is near on the map (1 is best; ${k} neighbours).`,
    },
    {
      name: "Neighbours kept",
      value: percent(neighborsKept),
      meaning: `Of the ${k} nearest in the vectors, of all items, so many are among the ${k} nearest on the map.`,
    },
    ...(distanceCorrelation === undefined
      ? []
      : [
          {
            name: "Rank correlation",
            value: figure(distanceCorrelation),
            meaning:
              "Of the distances of pairs on the map and in the vectors (Spearman): how far long distances can be trusted.",
          },
        ]),
    { name: "Measured on", value: `${number(sample)} items`, meaning: "A seeded sample where there are many items." },
  ];
}

/** How often the nearest item, and a vote of the ten nearest, has the label of an item. */
export function placeRows({ vectors, map, count }: LabelAccuracy): { head: string[]; rows: string[][] } {
  return {
    head: [`${number(count)} items`, "vectors", "map"],
    rows: [
      ["nearest", percent(vectors.nearest), percent(map.nearest)],
      ["ten nearest", percent(vectors.ten), percent(map.ten)],
    ],
  };
}

/** Of the clusters: how well they are set apart, and how well they agree with the labels. */
export function agreementRows({ silhouette, labels }: ClusterQuality): Figure[] {
  const rows: Figure[] = [];
  if (silhouette !== undefined) {
    rows.push({
      name: "Silhouette",
      value: figure(silhouette),
      meaning: "How much nearer items are to their own cluster than to the next: 1 is far apart, 0 is on the border.",
    });
  }
  if (labels) {
    rows.push(
      {
        name: "Purity",
        value: percent(labels.purity),
        meaning: "Items whose label is the most frequent of their cluster.",
      },
      {
        name: "Adjusted Rand",
        value: figure(labels.adjustedRand),
        meaning: "Pairs that clusters and labels agree on, adjusted for chance: 1 is equal, 0 is chance.",
      },
      {
        name: "Mutual information",
        value: figure(labels.mutualInformation),
        meaning: "Normalized (NMI): what a cluster tells of the label, 0 to 1.",
      },
    );
  }
  return rows;
}

/** Each cluster with its own silhouette, the worst first. */
export function silhouetteRows({ clusters }: Pick<RunResult, "clusters">): (Figure & { exemplar: number })[] {
  return clusters
    .filter(({ silhouette }) => silhouette !== undefined)
    .sort((a, b) => a.silhouette! - b.silhouette!)
    .map(({ label, silhouette, size, exemplar }) => ({
      name: label,
      value: figure(silhouette!),
      meaning: `${label}: ${number(size)} items. A click shows its exemplar, the item in its middle.`,
      exemplar,
    }));
}
