import type { DoubtfulLabel } from "../../../protocol/explore";
import type { NeighborGraph } from "../../types";

/**
 * Items most of whose nearest carry another label, as a k-nearest-neighbour classifier would object (Wilson 1972, "edited
 * nearest neighbor"). Items without a label neither vote nor are judged; the only item of its label is not judged, as no
 * other one could agree.
 * @param labels (n) number of each item's label, -1 for none
 * @returns those that more than half of their labelled neighbours contradict, the surest first: by Laplace's rule of
 * succession, so that 9 of 10 weigh more than 1 of 1; with the label that most of these have, the nearer among equals
 */
export function doubtfulLabels({ count, k, index }: NeighborGraph, labels: Int32Array): DoubtfulLabel[] {
  const found: DoubtfulLabel[] = [];
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  for (let i = 0; i < count; i++) {
    const own = labels[i]!;
    if (own < 0 || sizes.get(own) === 1) continue;
    const votes = new Map<number, number>();
    let of = 0;
    for (const j of index.subarray(i * k, (i + 1) * k)) {
      const label = labels[j]!;
      if (label < 0) continue;
      of++;
      votes.set(label, (votes.get(label) ?? 0) + 1);
    }
    const share = of > 0 ? 1 - (votes.get(own) ?? 0) / of : 0;
    if (share <= 0.5) continue;
    votes.delete(own);
    const [label, most] = [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best));
    found.push({ index: i, share, label, votes: most, of });
  }
  return found.sort((p, q) => sureness(q) - sureness(p) || q.votes - p.votes || p.index - q.index);
}

const sureness = ({ share, of }: DoubtfulLabel): number => (share * of + 1) / (of + 2);
