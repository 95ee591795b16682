/** Texts read for the names, and characters of each: enough for the frequent terms, cheap for long documents. */
const MOST_TEXTS = 20_000;
const MOST_CHARACTERS = 1_000;
const TERMS = 3;

/** A term is so many times as frequent in its cluster as everywhere; less where clusters are few, since none can be as much. */
const LIFT = 2;

/**
 * Names clusters by the terms that set their texts apart: class-based TF-IDF, the share of a cluster's texts that hold
 * the term times the logarithm of how much larger it is than over all texts. Words are found by Intl.Segmenter, in any
 * language; there is no list of stop words, since what is frequent everywhere sets nothing apart.
 * @param cluster (n) cluster of each text, -1 for none
 * @returns for each cluster its terms, best first, joined by commas; "" when no term stands out
 */
export function termLabels(texts: (string | null)[], cluster: Int32Array, count: number): string[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  const stride = Math.max(1, Math.ceil(texts.length / MOST_TEXTS));
  const sizes = new Float64Array(count);
  const holding = Array.from({ length: count }, () => new Map<string, number>());
  const overall = new Map<string, number>();
  let total = 0;
  for (let i = 0; i < texts.length; i += stride) {
    const c = cluster[i]!;
    const text = texts[i];
    if (c < 0 || !text) continue;
    total++;
    sizes[c]!++;
    for (const term of termsOf(text, segmenter)) {
      overall.set(term, (overall.get(term) ?? 0) + 1);
      holding[c]!.set(term, (holding[c]!.get(term) ?? 0) + 1);
    }
  }
  return holding.map((terms, c) => {
    const least = sizes[c]! >= 4 ? 2 : 1;
    const lift = Math.min(LIFT, Math.sqrt(total / sizes[c]!));
    return [...terms]
      .filter(([, held]) => held >= least)
      .map(([term, held]) => {
        const share = held / sizes[c]!;
        const times = share / (overall.get(term)! / total);
        return { term, times, score: share * Math.log(times) };
      })
      .filter(({ times, score }) => times >= lift && score > 0)
      .sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1))
      .slice(0, TERMS)
      .map(({ term }) => term)
      .join(", ");
  });
}

/** The distinct words of a text in lower case, without numbers and single letters (single ideographs count). */
function termsOf(text: string, segmenter: Intl.Segmenter): Set<string> {
  const terms = new Set<string>();
  for (const { segment, isWordLike } of segmenter.segment(text.slice(0, MOST_CHARACTERS))) {
    if (!isWordLike || !/\p{L}/u.test(segment)) continue;
    if (segment.length < 2 && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(segment)) continue;
    terms.add(segment.normalize("NFC").toLowerCase());
  }
  return terms;
}

/** Names clusters by the label that most of their items carry, with its share: "cat (85 %)"; "" without labels. */
export function majorityLabels(labels: (string | null)[], cluster: Int32Array, count: number): string[] {
  const counts = Array.from({ length: count }, () => new Map<string, number>());
  const sizes = new Int32Array(count);
  labels.forEach((label, i) => {
    const c = cluster[i]!;
    if (c < 0) return;
    sizes[c]!++;
    if (label !== null) counts[c]!.set(label, (counts[c]!.get(label) ?? 0) + 1);
  });
  return counts.map((held, c) => {
    const [best] = [...held].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return best ? `${best[0]} (${Math.round((100 * best[1]) / sizes[c]!)} %)` : "";
  });
}
