import { withMinus } from "./text";

/** How the numbers of a column become places between 0 and 1. */
export interface NumberScale {
  /** Diverging: as long on both sides of 0. */
  kind: "linear" | "log" | "diverging" | "time";
  low: number;
  high: number;
  /** All numbers are whole. */
  whole?: true;
  /** Whole numbers that may well be years: their names have no comma. */
  years?: true;
}

/** A place on a scale with its name. */
export interface Tick {
  share: number;
  label: string;
}

/** Positive numbers that span this factor are told apart by their logarithm. */
const DECADES = 1_000;

/** Whole numbers between these are named like years. */
const [FIRST_YEAR, LAST_YEAR] = [1_000, 2_999];

/** The scale that fits numbers (NaN for none): around 0 where both signs are, by logarithm over decades; null for no number. */
export function numberScale(values: Float64Array, kind: "number" | "date" = "number"): NumberScale | null {
  let low = Infinity;
  let high = -Infinity;
  let whole = kind === "number";
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    if (!Number.isInteger(value)) whole = false;
  }
  if (low > high) return null;
  if (kind === "date") return { kind: "time", low, high };
  if (low < 0 && high > 0) {
    const far = Math.max(-low, high);
    return { kind: "diverging", low: -far, high: far };
  }
  const years = whole && low >= FIRST_YEAR && high <= LAST_YEAR;
  const is = { ...(whole && { whole }), ...(years && { years }) };
  return { kind: low > 0 && high / low >= DECADES ? "log" : "linear", low, high, ...is };
}

/** 0..1; NaN for what is no number; the middle where all numbers are equal. */
export function shareOf({ kind, low, high }: NumberScale, value: number): number {
  if (!Number.isFinite(value)) return NaN;
  if (low === high) return 0.5;
  const share = kind === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

/** Undoes `shareOf`. */
export function valueAt({ kind, low, high }: NumberScale, share: number): number {
  return kind === "log" ? low * (high / low) ** share : low + (high - low) * share;
}

/** The ends of a scale and its middle, or 0, with short names. */
export function ticksOf(scale: NumberScale): Tick[] {
  const shares = scale.low === scale.high ? [0.5] : [0, 0.5, 1];
  return shares.map((share) => {
    const value = valueAt(scale, share);
    if (scale.kind !== "linear" || !scale.whole) return { share, label: nameOf(scale, value) };
    return { share: shareOf(scale, Math.round(value)), label: nameOf(scale, Math.round(value)) };
  });
}

/** A value in the words of its scale: "1,200", "0.034", "2024-05-01". */
export function nameOf({ kind, low, high, years }: NumberScale, value: number): string {
  if (!Number.isFinite(value)) return "";
  if (years) return String(Number(value.toFixed(1)));
  return kind === "time" ? dateWords(value, high - low) : numberWords(value);
}

/** A number with at most four significant digits where it has decimals. */
export function numberWords(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return withMinus(value.toLocaleString("en-US"));
  if (size >= 1e7 || (size > 0 && size < 1e-4)) return withMinus(value.toExponential(2));
  return withMinus(Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 8 }));
}

const DAY = 86_400_000;

/** A date (UTC) as exact as its span asks for. */
export function dateWords(value: number, span: number): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return "";
  const iso = date.toISOString();
  if (span > 3_000 * DAY) return iso.slice(0, 4);
  if (span > 300 * DAY) return iso.slice(0, 7);
  return span > 3 * DAY ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ");
}
