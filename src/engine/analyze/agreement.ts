import type { LabelAgreement } from "../../protocol/result";

/**
 * How well clusters agree with labels: purity, the adjusted Rand index (Hubert & Arabie 1985) and the mutual information
 * over the mean of both entropies, as scikit-learn's `normalized_mutual_info_score`.
 * @param cluster (n) noise (-1) is a group of its own
 * @param label (n) items without one (-1) are left out
 * @returns null when no item has a label
 */
export function labelAgreement(cluster: Int32Array, label: Int32Array): LabelAgreement | null {
  const cells = new Map<string, number>();
  const groups = new Map<number, number>();
  const labels = new Map<number, number>();
  const add = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  let count = 0;
  cluster.forEach((c, i) => {
    const l = label[i]!;
    if (l < 0) return;
    count++;
    add(cells, `${c} ${l}`);
    add(groups, c);
    add(labels, l);
  });
  if (count === 0) return null;
  const most = new Map<string, number>();
  for (const [cell, size] of cells) {
    const group = cell.split(" ")[0]!;
    most.set(group, Math.max(most.get(group) ?? 0, size));
  }
  return {
    count,
    purity: sum(most.values()) / count,
    adjustedRand: adjustedRand(count, [...cells.values()], [...groups.values()], [...labels.values()]),
    mutualInformation: mutualInformation(count, cells, groups, labels),
  };
}

function adjustedRand(count: number, cells: number[], groups: number[], labels: number[]): number {
  const pairs = (sizes: number[]): number => sum(sizes.map((size) => (size * (size - 1)) / 2));
  const together = pairs(cells);
  const expected = count > 1 ? (pairs(groups) * pairs(labels)) / pairs([count]) : 0;
  const largest = (pairs(groups) + pairs(labels)) / 2;
  return largest === expected ? 1 : (together - expected) / (largest - expected);
}

function mutualInformation(
  count: number,
  cells: Map<string, number>,
  groups: Map<number, number>,
  labels: Map<number, number>,
): number {
  const entropy = (sizes: Map<unknown, number>): number =>
    -sum([...sizes.values()].map((size) => (size / count) * Math.log(size / count)));
  const mean = (entropy(groups) + entropy(labels)) / 2;
  if (mean === 0) return 1;
  let shared = 0;
  for (const [cell, size] of cells) {
    const [group, label] = cell.split(" ").map(Number) as [number, number];
    shared += (size / count) * Math.log((size * count) / (groups.get(group)! * labels.get(label)!));
  }
  return Math.min(1, Math.max(0, shared / mean));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
