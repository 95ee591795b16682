import { LensError } from "../../../protocol/errors";
import type { ByteSource } from "../source";

const COMPOUND = "d0cf11e0a1b11ae1";
const LOOK_BYTES = 1 << 20;

/**
 * Refuses what is called a workbook and is another kind of file: the format before 2007, and workbooks with a password, which are a file
 * within such a file.
 * @throws LensError "source"
 */
export async function refuseOther(source: ByteSource): Promise<void> {
  const { path, size } = source;
  const head = Buffer.from(await source.read(0, Math.min(LOOK_BYTES, size)));
  if (head.toString("latin1", 0, 4) === "PK\x03\x04") return;
  if (head.toString("hex", 0, 8) !== COMPOUND)
    throw new LensError("source", `${path} is not an Excel workbook: it does not start as one.`);
  const isLocked = head.includes(Buffer.from("EncryptedPackage", "utf16le"));
  throw new LensError(
    "source",
    isLocked
      ? `${path} is protected by a password: save it without one.`
      : `${path} is a workbook in Excel's format before 2007 (.xls): save it as .xlsx or CSV.`,
  );
}
