const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d+,\d+(?:e[+-]?\d+)?$/i;
const LEADING_ZERO = /^[+-]?0\d/;
const MISSING = new Set(["", "na", "n/a", "#n/a", "nan", "+nan", "-nan", "null", "none", "nil", "?", "-"]);
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const ISO_DATE =
  /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;

/** Whether a cell of a text file says that there is no value. */
export const isMissing = (text: string): boolean => text.length <= 5 && MISSING.has(text.trim().toLowerCase());

/**
 * The number a text stands for: decimal or with an exponent, also with a decimal comma, "inf"; NaN when it is none.
 * Leading zeros make a code ("007", a postcode), not a number.
 */
export function parseNumber(text: string): number {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return LEADING_ZERO.test(trimmed) ? NaN : Number(trimmed);
  if (DECIMAL_COMMA.test(trimmed)) return Number(trimmed.replace(",", "."));
  const infinite = INFINITE.exec(trimmed);
  return infinite ? (infinite[1] === "-" ? -Infinity : Infinity) : NaN;
}

/** Milliseconds since 1970 of an ISO 8601 date or time (UTC when it names no zone), NaN for any other text. */
export function parseDate(text: string): number {
  const match = ISO_DATE.exec(text.trim());
  if (!match) return NaN;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = match;
  const offset = zone === "UTC" ? "Z" : zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3)}${offset}`);
}

/** 1, 0, or NaN when a text is no truth value. */
export function parseBoolean(text: string): number {
  switch (text.trim().toLowerCase()) {
    case "true":
      return 1;
    case "false":
      return 0;
    default:
      return NaN;
  }
}
