import { LensError } from "../protocol/errors";

/**
 * A number with 7 significant digits: what float32 carries, and the same text for the same bits everywhere.
 * @throws LensError "internal" for NaN and infinities, which no result may hold
 */
export function significant(value: number): number {
  if (Number.isFinite(value)) return Number(value.toPrecision(7));
  throw new LensError(
    "internal",
    "The result holds a value that is not a number. Nothing was written; please report it.",
  );
}

/** `significant` for each value. */
export function significantAll(values: ArrayLike<number>): number[] {
  return Array.from(values, significant);
}
