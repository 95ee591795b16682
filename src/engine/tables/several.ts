import { LensError } from "../../protocol/errors";

/** A file holds several tables and none was named. */
export class SeveralTables extends LensError {
  constructor(
    message: string,
    readonly parts: string[],
  ) {
    super("source", message);
  }
}
