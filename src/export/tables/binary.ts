import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { LensError } from "../../protocol/errors";
import type { ExportTable } from "./columns";

/** Formats whose writers are a bundle of their own. */
export type BinaryFormat = "parquet" | "arrow";

/**
 * A table as a Parquet or Arrow file, made in a thread of its own.
 * @param script the built `thread.ts` (dist/tables.js)
 * @throws the signal's reason; LensError "write" when there is not enough memory
 */
export async function binaryTable(
  format: BinaryFormat,
  table: ExportTable,
  script: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const worker = new Worker(script);
  const stop = (): void => void worker.terminate();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    worker.postMessage({ format, table });
    const ended = once(worker, "exit").then(() => {
      signal?.throwIfAborted();
      throw new LensError("write", "The file could not be made: there is not enough memory. Save fewer items.");
    });
    const [bytes] = (await Promise.race([once(worker, "message"), ended])) as [Uint8Array];
    return bytes;
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof LensError
      ? error
      : new LensError(
          "write",
          `The file could not be made: ${error instanceof Error ? error.message : String(error)}.`,
        );
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}
