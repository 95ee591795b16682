// A process that writes vectors into a store until it is killed: `store-writer FOLDER FROM [COUNT]`. It says each batch that is kept.
import { ByteStore } from "../../src/engine/store/byte-store";
import { keyOf, vectorOf } from "./store-vectors";

const BATCH = 64;
const [folder, from, count = "1000000"] = process.argv.slice(2);

async function write(): Promise<void> {
  const store = await ByteStore.open(folder!, { limit: 2e9 });
  if (store === null) throw new Error("The store cannot be opened.");
  const end = Number(from) + Number(count);
  for (let at = Number(from); at < end; at += BATCH) {
    await store.put(Array.from({ length: BATCH }, (_, i) => ({ key: keyOf(at + i), bytes: vectorOf(at + i) })));
    process.send?.(at + BATCH);
  }
  await store.close();
  process.disconnect();
}

void write();
