/** Numbers in brackets, as JSON, Python or NumPy print them. */
const BRACKETED = /^(?:np\.)?(?:array|tensor)?\(?\s*[[(]([^[\]()]*)[\])]\s*(?:,\s*dtype=[\w.]+\s*)?\)?$/;
const WRAPPED_NUMBER = /np\.float\d+\(([^()]*)\)/g;
const SEPARATOR = /[\s,;]+/;
const BARE = /^[+-]?[\d.][\d.e+-]*(?:[\s;,|]+[+-]?[\d.][\d.e+-]*){2,}$/i;

/** Whether a text looks like numbers in brackets or at least three numbers in a row. Cheap: a look at its ends. */
export function looksLikeVector(text: string): boolean {
  const start = text.trimStart();
  if (/^(?:np\.)?(?:array\(|tensor\()?\s*[[(]\s*(?:np\.float\d+\()?[-+]?[\d.ni]/i.test(start.slice(0, 40))) return true;
  return BARE.test(start.slice(0, 200).replace(/[\s;,|]+[^\s;,|]*$/, ""));
}

export type VectorText = { values: number[] } | { reason: string };

/**
 * The numbers of a vector that was written as text: JSON (`[0.1, 2e-3, null]`), a Python list or tuple, what NumPy or PyTorch
 * print, or numbers apart by blanks, commas, semicolons or bars. Missing numbers are NaN.
 */
export function parseVector(text: string): VectorText {
  const fast = parseJsonNumbers(text);
  if (fast) return { values: fast };
  const plain = text.trim().replace(WRAPPED_NUMBER, "$1");
  if (plain.includes("...")) return { reason: "its vector was written in short form, with “...” in the middle" };
  const inside = BRACKETED.exec(plain)?.[1] ?? plain;
  const words = inside
    .trim()
    .split(inside.includes("|") ? /[\s|]+/ : SEPARATOR)
    .filter((word) => word !== "");
  const values = words.map(numberOrNaN);
  return values.some((value, i) => Number.isNaN(value) && !/^(nan|none|null)$/i.test(words[i]!))
    ? { reason: "its vector is not a list of numbers" }
    : { values };
}

function numberOrNaN(word: string): number {
  const value = Number(word);
  if (!Number.isNaN(value)) return value;
  return /^[+-]?inf(inity)?$/i.test(word) ? (word.startsWith("-") ? -Infinity : Infinity) : NaN;
}

function parseJsonNumbers(text: string): number[] | null {
  if (!text.startsWith("[")) return null;
  try {
    const values: unknown = JSON.parse(text);
    if (!Array.isArray(values)) return null;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === null) values[i] = NaN;
      else if (typeof values[i] !== "number") return null;
    }
    return values as number[];
  } catch {
    return null;
  }
}
