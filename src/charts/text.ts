/** One line of at most `length` characters: white space is one blank, and what is cut ends in "…". */
export function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/gu, " ").trim();
  const letters = Array.from(line);
  return letters.length <= length
    ? line
    : `${letters
        .slice(0, length - 1)
        .join("")
        .trimEnd()}…`;
}

/** A number in words, with the sign that the axes have too: a hyphen is shorter, and lines break after it. */
export const withMinus = (number: string): string => number.replaceAll("-", "\u2212");

/**
 * How wide a line is in pixels, estimated on the safe side for a common sans-serif: the same with and without a browser, where Vega
 * itself takes 0.8 em for every letter and cuts far too early.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const letter of text) ems += letterWidth(letter);
  return ems * fontSize;
}

/** How many times as wide the letters of a title are: these are bold. */
export const BOLD = 1.1;

/** The line, cut with "…" where it would be wider than `width` pixels. */
export function fitText(text: string, width: number, fontSize: number): string {
  const room = width / fontSize;
  let ems = 0;
  let kept = "";
  let keptShort = "";
  for (const letter of text) {
    ems += letterWidth(letter);
    if (ems > room) return `${keptShort.trimEnd()}…`;
    kept += letter;
    if (ems + ELLIPSIS <= room) keptShort = kept;
  }
  return text;
}

const ELLIPSIS = 1;

function letterWidth(letter: string): number {
  if (letter >= "\u1100") return 1;
  if ("ijl.,:;|!'` ".includes(letter)) return 0.34;
  if ('frtI()[]{}/\\-"'.includes(letter)) return 0.45;
  if ("mwMW@%".includes(letter)) return 0.96;
  return letter >= "A" && letter <= "Z" ? 0.72 : 0.62;
}
