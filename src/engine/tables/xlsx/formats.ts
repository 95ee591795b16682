/** Days from 1899-12-30, where Excel counts from, to 1970. */
const EPOCH_DAYS = 25_569;
/** Days that the calendar of old Macintoshes starts later. */
const LATER_DAYS = 1_462;
const DAY_MS = 86_400_000;
/** Excel's calendar has a 29 February 1900, which there was not. */
const FALSE_LEAP_DAY = 60;

/** Whether a built-in or own number format shows a number as a date (ECMA-376 part 1, 18.8.30). Durations ("[h]:mm") are numbers. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return false;
  const first = code.split(";")[0]!;
  return /[ymdhs]/i.test(first.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General/gi, ""));
}

/** A number of days as a date, rounded to milliseconds. */
export function dateOf(days: number, from1904: boolean): Date {
  const counted = from1904 ? days + LATER_DAYS : days < FALSE_LEAP_DAY ? days + 1 : days;
  return new Date(Math.round((counted - EPOCH_DAYS) * DAY_MS));
}

/** Characters that XML cannot hold are written "_x000D_". */
export const unescaped = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;

/** Column and row, from 0, of a reference such as "AB12"; null when it is none. */
export function placeOf(reference: string): { column: number; row: number } | null {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/i.exec(reference);
  if (!match) return null;
  let column = 0;
  for (const letter of match[1]!.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return { column: column - 1, row: Number(match[2]) - 1 };
}
