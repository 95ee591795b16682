import { LensError } from "../../protocol/errors";
import type { TableParts } from "./table";

/** What a table says of the others in its file; nothing where it is the only one. */
export const partsOfFile = (names: readonly string[], chosen: string): TableParts | undefined =>
  names.length > 1 || (names.length === 1 && names[0] !== chosen) ? { names, chosen } : undefined;

/** A file holds several tables and none was named. */
export class SeveralTables extends LensError {
  constructor(
    message: string,
    readonly parts: string[],
  ) {
    super("source", message);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof LensError && "parts" in value;
  }
}
