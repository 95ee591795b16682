/** A part of a text that fits a model's window. */
export interface Passage {
  text: string;
  /** Line of the whole text, from 1, at which it starts. */
  line: number;
}

export interface PassageOptions {
  /** The window: no passage is longer. */
  limit: number;
  /** At most so much of the end of a passage is said again at the start of the next. */
  overlap: number;
  /** The length of a text in the unit of `limit`: a tokenizer's count, or `estimatedTokens`. The length of a part never exceeds that of the whole. */
  length: (text: string) => number;
}

/** A sentence, or a piece of a long one: where it starts in the text, and how long it is. */
interface Piece {
  start: number;
  end: number;
  length: number;
}

// The language changes little about where sentences end; a fixed one gives the same passages everywhere.
/** Made when a text is first divided: the first of them takes 30 ms. */
const segmenters: { sentence?: Intl.Segmenter; word?: Intl.Segmenter } = {};
const segmenter = (granularity: "sentence" | "word"): Intl.Segmenter =>
  (segmenters[granularity] ??= new Intl.Segmenter("en", { granularity }));

/**
 * Splits a text that is longer than the window into overlapping passages: at headings (Markdown's # lines, but not within
 * fenced code), then between sentences, and within a sentence only where it is longer than the window itself. A text that
 * fits is one passage. White space around passages is dropped; a text of white space has none.
 */
export function splitPassages(text: string, options: PassageOptions): Passage[] {
  const whole = { start: 0, end: text.length };
  const sections = options.length(text) <= options.limit ? [whole] : sectionsOf(text);
  const spans = sections.flatMap((section) => packed(text, section, options));
  const passages: Passage[] = [];
  let line = 1;
  let at = 0;
  for (const { start, end } of spans) {
    const part = text.slice(start, end);
    const from = start + part.length - part.trimStart().length;
    // Overlapping passages may start before the last one: lines are counted on from where it started at the earliest.
    if (from < at) [line, at] = [1, 0];
    line += newlines(text, at, from);
    at = from;
    if (part.trim() !== "") passages.push({ text: part.trim(), line });
  }
  return passages;
}

interface Span {
  start: number;
  end: number;
}

/** From one heading to the next. */
function sectionsOf(text: string): Span[] {
  const starts = [0];
  let fence: string | null = null;
  for (const match of text.matchAll(/^.*$/gm)) {
    const mark = /^ {0,3}(```|~~~)/.exec(match[0])?.[1];
    if (mark !== undefined && (fence === null || fence === mark)) fence = fence === null ? mark : null;
    else if (fence === null && match.index > 0 && /^#{1,6}\s/.test(match[0])) starts.push(match.index);
  }
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
}

/** As many sentences as fit, again and again; each passage but the first begins with the last sentences of the one before. */
function packed(text: string, section: Span, { limit, overlap, length }: PassageOptions): Span[] {
  const pieces = piecesOf(text, section, limit, length);
  const spans: Span[] = [];
  let from = 0;
  while (from < pieces.length) {
    let to = from + 1;
    while (to < pieces.length && length(text.slice(pieces[from]!.start, pieces[to]!.end)) <= limit) to++;
    spans.push({ start: pieces[from]!.start, end: pieces[to - 1]!.end });
    if (to === pieces.length) break;
    let next = to;
    for (let said = 0; next - 1 > from; next--) {
      said += pieces[next - 1]!.length;
      if (said > overlap) break;
    }
    // What is said again must leave room for something new.
    while (next < to && length(text.slice(pieces[next]!.start, pieces[to]!.end)) > limit) next++;
    from = next;
  }
  return spans;
}

function piecesOf(text: string, { start, end }: Span, limit: number, length: (text: string) => number): Piece[] {
  const pieces: Piece[] = [];
  for (const { segment, index } of segmenter("sentence").segment(text.slice(start, end))) {
    const size = length(segment);
    if (size > limit) pieces.push(...cut(segment, start + index, limit, length));
    else pieces.push({ start: start + index, end: start + index + segment.length, length: size });
  }
  return pieces;
}

/** Pieces of a sentence that is longer than the window: between words, and within a word that is longer still. */
function cut(sentence: string, at: number, limit: number, length: (text: string) => number): Piece[] {
  const words = Array.from(segmenter("word").segment(sentence), ({ segment }) => segment).flatMap((word) =>
    length(word) > limit ? Array.from(word) : [word],
  );
  const pieces: Piece[] = [];
  let start = 0;
  let end = 0;
  let size = 0;
  for (const word of words) {
    const grown = length(sentence.slice(start, end + word.length));
    if (grown > limit && end > start) {
      pieces.push({ start: at + start, end: at + end, length: size });
      start = end;
      size = length(word);
    } else size = grown;
    end += word.length;
  }
  pieces.push({ start: at + start, end: at + end, length: size });
  return pieces;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/**
 * About how many tokens a text has, for a model whose tokenizer is not at hand: four letters of an alphabet each, and every
 * other sign (digits by three). Rather too many than too few for English.
 */
export function estimatedTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(/\p{Script=Latin}+|\p{N}+|[^\s\p{Script=Latin}\p{N}]/gu)) {
    tokens += /^\p{N}/u.test(run) ? Math.ceil(run.length / 3) : Math.ceil(run.length / 4);
  }
  return tokens;
}
