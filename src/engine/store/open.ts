import { ByteStore, removeStore } from "./byte-store";

/** Two gigabytes: about a million texts of 384 dimensions. */
const LIMIT = 2e9;

/** A store that is opened when first asked for; null when it has no folder or cannot be opened. */
export interface OpenOnce {
  (): Promise<ByteStore | null>;
  /** Waits for what is being written. */
  close(): Promise<void>;
  /** Forgets everything and gives the space back; other processes that have the store open find it empty. Answers the bytes it held. */
  clear(): Promise<number>;
  /** How many bytes may be kept from now on; remembered in the store, for processes that say nothing. */
  limit(bytes: number): void;
}

/** @param folder absolute; absent: nothing is kept */
export function openOnce(folder: string | undefined): OpenOnce {
  let limit: number | undefined;
  let store: Promise<ByteStore | null> | undefined;
  const open = (): Promise<ByteStore | null> => {
    store ??= folder === undefined ? Promise.resolve(null) : opened(folder, limit);
    return store;
  };
  const close = async (): Promise<void> => {
    const opened = store;
    store = undefined;
    await (await opened)?.close();
  };
  const clear = async (): Promise<number> => {
    const opened = await open();
    const bytes = opened?.bytes() ?? 0;
    await opened?.clear();
    await close();
    // Windows refuses while another process has the file open: it is empty then.
    if (folder !== undefined) await removeStore(folder).catch(() => undefined);
    return bytes;
  };
  const limitTo = (bytes: number): void => {
    limit = bytes;
    void store?.then((made) => made?.limitTo(bytes));
  };
  return Object.assign(open, { close, clear, limit: limitTo });
}

async function opened(folder: string, limit: number | undefined): Promise<ByteStore | null> {
  const store = await ByteStore.open(folder, { limit: LIMIT });
  if (limit !== undefined) await store?.limitTo(limit);
  return store;
}
