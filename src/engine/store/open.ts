import { ByteStore } from "./byte-store";

/** Two gigabytes: about a million texts of 384 dimensions. */
const LIMIT = 2e9;

/** A store that is opened when first asked for; null when it has no folder or cannot be opened. */
export interface OpenOnce {
  (): Promise<ByteStore | null>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

/** @param folder absolute; absent: nothing is kept */
export function openOnce(folder: string | undefined, limit = LIMIT): OpenOnce {
  let store: Promise<ByteStore | null> | undefined;
  const open = (): Promise<ByteStore | null> =>
    (store ??= folder === undefined ? Promise.resolve(null) : ByteStore.open(folder, { limit }));
  return Object.assign(open, { close: async () => (await store)?.close() });
}
