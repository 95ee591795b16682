/** A label stands out in a cluster when its share there is so far above its share of all items, on the way to all of them. */
const LEAST_GAIN = 0.1;
/** A label names a cluster from this share on, and not one that has it by a single item of many. */
const LEAST_SHARE = 0.1;

/**
 * Names clusters by the label that most of their items have, with its share in the cluster: "cat (85 %)". A second label
 * follows, the one that stands out most, where it says more than the first (most of all items are cats, and here "cat
 * (60 %), dog (40 %)"), or where the first is no more than half: "cat (40 %), dog (35 %)". Of equals the one that is rarer
 * among all items is first, then by the alphabet. Where nearly every item has another label, or none, the name is "".
 * @param labels (n) null is none
 * @param cluster (n) -1 is none
 */
export function labelNames(labels: (string | null)[], cluster: Int32Array, count: number): string[] {
  const overall = new Map<string, number>();
  const counts = Array.from({ length: count }, () => new Map<string, number>());
  const sizes = new Int32Array(count);
  labels.forEach((label, i) => {
    const held = counts[cluster[i]!];
    if (held) sizes[cluster[i]!]!++;
    if (label === null) return;
    overall.set(label, (overall.get(label) ?? 0) + 1);
    held?.set(label, (held.get(label) ?? 0) + 1);
  });
  return counts.map((held, c) => {
    const found = [...held].map(([label, members]) => {
      const share = members / sizes[c]!;
      const chance = overall.get(label)! / labels.length;
      return { label, share, above: share - chance, gain: (share - chance) / (1 - chance) };
    });
    const byAlphabet = (a: { label: string }, b: { label: string }): number => (a.label < b.label ? -1 : 1);
    const [first, ...others] = found.sort((a, b) => b.share - a.share || b.above - a.above || byAlphabet(a, b));
    if (!first || first.share < LEAST_SHARE || (first.share * sizes[c]! < 1.5 && sizes[c]! > 2)) return "";
    const [second] = others
      .filter(({ gain }) => gain >= LEAST_GAIN)
      .sort((a, b) => b.above - a.above || byAlphabet(a, b));
    const named = second && (first.share <= 0.5 || second.above > first.above) ? [first, second] : [first];
    return named.map(({ label, share }) => `${label} (${Math.round(100 * share)} %)`).join(", ");
  });
}

/** The same names, numbered where several are equal: a name stands for one cluster in the legend and in a filter. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let next = 2; taken.has(own); next++) own = `${name} – ${next}`;
    taken.add(own);
    return own;
  });
}
