/** Texts read for the names, and characters of each: enough for the frequent terms, cheap for long documents. */
const MOST_TEXTS = 20_000;
const MOST_CHARACTERS = 1_000;
const TERMS = 3;

/** A term is in so large a share of the texts of its cluster, and so many times as frequent there as in the others. */
const LEAST_SHARE = 0.05;
const LIFT = 2;
/** Least log-likelihood ratio: a term without any tie to the cluster reaches it once in 200. */
const LEAST_EVIDENCE = 7.88;
/** Letters that two forms of a word differ by at most, at their ends: "card" and "cards". */
const ENDING = 2;

interface Term {
  term: string;
  score: number;
}

/**
 * Names clusters by the terms that set their texts apart: the share of a cluster's texts that hold the term, times the
 * logarithm of how much larger it is than elsewhere (class-based TF-IDF), times how little the term is spread over the
 * clusters (log k less the entropy of its shares), which is next to nothing for "the" and "how" though one cluster may
 * hold twice as many of them. What could be chance by the log-likelihood ratio (Dunning 1993) is left out. Words are
 * found by Intl.Segmenter, in any language, without a list of stop words.
 * @param cluster (n) cluster of each text, -1 for none: such texts count as one more cluster to be set apart from
 * @returns for each cluster its terms, best first, joined by commas; "" when no term stands out
 */
export function termLabels(texts: (string | null)[], cluster: Int32Array, count: number): string[] {
  const { sizes, holding, written } = countTerms(texts, cluster, count);
  const terms = Array.from({ length: count }, (): Term[] => []);
  for (const [term, held] of holding) {
    const focus = focusOf(held, sizes);
    terms.forEach((list, c) => {
      const score = focus * weightIn(c, held, sizes);
      if (score > 0) list.push({ term, score });
    });
  }
  return terms.map((list) => {
    const names: string[] = [];
    for (const { term } of list.sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1))) {
      if (names.length < TERMS && !names.some((name) => sameWord(name, term))) names.push(term);
    }
    return names.map((name) => written.get(name)!.usual()).join(", ");
  });
}

interface Counts {
  /** Texts of each cluster; the last one is those without a cluster, when there are any. */
  sizes: Float64Array;
  /** For each term, how many texts of each cluster hold it. */
  holding: Map<string, Float64Array>;
  /** How each term is written. */
  written: Map<string, Spelling>;
}

/** What a form at the beginning of a sentence counts beside one within: only where there is no other. */
const BEGINNING = 1e-6;

/** The ways a term is written, in capitals and small letters: German nouns, names, a Turkish dotted İ. */
class Spelling {
  private readonly times = new Map<string, number>();

  add({ form, begins }: Word): void {
    this.times.set(form, (this.times.get(form) ?? 0) + (begins ? BEGINNING : 1));
  }

  /** The most frequent one; of equals the later by code points: small letters. */
  usual(): string {
    return [...this.times].sort(([a, p], [b, q]) => q - p || (a < b ? 1 : -1))[0]![0];
  }
}

/** A word as it is written, and whether it begins a sentence, where its first letter says nothing. */
interface Word {
  form: string;
  begins: boolean;
}

function countTerms(texts: (string | null)[], cluster: Int32Array, count: number): Counts {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  const stride = Math.max(1, Math.ceil(texts.length / MOST_TEXTS));
  const sizes = new Float64Array(cluster.includes(-1) ? count + 1 : count);
  const holding = new Map<string, Float64Array>();
  const written = new Map<string, Spelling>();
  for (let i = 0; i < texts.length; i += stride) {
    const c = cluster[i]! < 0 ? count : cluster[i]!;
    const text = texts[i];
    if (!text) continue;
    sizes[c]!++;
    for (const [term, word] of termsOf(text, segmenter)) {
      const spelling = written.get(term) ?? new Spelling();
      written.set(term, spelling);
      spelling.add(word);
      let held = holding.get(term);
      if (!held) holding.set(term, (held = new Float64Array(sizes.length)));
      held[c]!++;
    }
  }
  return { sizes, holding, written };
}

/** How little a term is spread over the clusters: log k where only one of k holds it, 0 where all hold the same share. */
function focusOf(held: Float64Array, sizes: Float64Array): number {
  let sum = 0;
  held.forEach((count, c) => (sum += count && count / sizes[c]!));
  let entropy = 0;
  held.forEach((count, c) => {
    const part = count && count / sizes[c]! / sum;
    if (part > 0) entropy -= part * Math.log(part);
  });
  return Math.log(sizes.length) - entropy;
}

/** What a term says of cluster c; 0 where it is too rare there, hardly more frequent than elsewhere, or that may be chance. */
function weightIn(c: number, held: Float64Array, sizes: Float64Array): number {
  const inside = held[c]!;
  const size = sizes[c]!;
  const share = inside / size;
  // A word of one text names nothing, unless there are hardly more.
  if (inside < (size >= 4 ? 2 : 1) || share < LEAST_SHARE) return 0;
  const outside = sum(held) - inside;
  const others = sum(sizes) - size;
  const times = share / ((outside + 0.5) / (others + 1));
  if (times < LIFT || evidence(inside, size, outside, others) < LEAST_EVIDENCE) return 0;
  return share * Math.log(times);
}

/** The log-likelihood ratio of `inside` of `size` and `outside` of `others` against one share for all. */
function evidence(inside: number, size: number, outside: number, others: number): number {
  const all = (inside + outside) / (size + others);
  const cell = (found: number, expected: number): number => (found > 0 ? found * Math.log(found / expected) : 0);
  return (
    2 *
    (cell(inside, size * all) +
      cell(size - inside, size * (1 - all)) +
      cell(outside, others * all) +
      cell(others - outside, others * (1 - all)))
  );
}

const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);

/** Whether one is the other with a short ending. */
const sameWord = (a: string, b: string): boolean =>
  Math.abs(a.length - b.length) <= ENDING &&
  Math.min(a.length, b.length) > ENDING &&
  (a.startsWith(b) || b.startsWith(a));

/** The distinct words of a text in lower case, without numbers and single letters (single ideographs count), each as it is written. */
function termsOf(text: string, segmenter: Intl.Segmenter): Map<string, Word> {
  const terms = new Map<string, Word>();
  let begins = true;
  for (const { segment, isWordLike } of segmenter.segment(text.slice(0, MOST_CHARACTERS))) {
    const first = begins;
    begins = isWordLike ? false : begins || /[.!?\n]/.test(segment);
    if (!isWordLike || !/\p{L}/u.test(segment)) continue;
    if (segment.length < 2 && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(segment)) continue;
    const form = segment.normalize("NFC");
    const term = form.toLowerCase();
    if (!first || !terms.has(term)) terms.set(term, { form, begins: first });
  }
  return terms;
}
