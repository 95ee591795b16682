import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { build } from "esbuild";
import { ByteStore, removeStore, type StoreOptions } from "../../../src/engine/store/byte-store";
import { openOnce } from "../../../src/engine/store/open";
import { readRecord, writeRecord } from "../../../src/engine/store/record";
import { createRandom } from "../../../src/engine/random";
import { keyOf, vectorOf } from "../../support/store-vectors";

const HOUR = 3_600_000;

/** The writing process as one script: it starts ten times as fast. */
async function builtWriter(folder: string): Promise<string> {
  const outfile = join(folder, "writer.cjs");
  await build({
    entryPoints: [join(__dirname, "../../support/store-writer.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    alias: { lmdb: require.resolve("lmdb") },
    external: [require.resolve("lmdb")],
  });
  return outfile;
}

describe("the store of vectors", () => {
  let folder = "";
  const opened: ByteStore[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lens-store-"));
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await rm(folder, { recursive: true });
  });
  const open = async (options: Partial<StoreOptions> = {}): Promise<ByteStore> => {
    const store = await ByteStore.open(folder, { limit: 2e9, ...options });
    assert.ok(store, "LMDB has a binary here");
    opened.push(store);
    return store;
  };
  const entries = (from: number, to: number): { key: Buffer; bytes: Uint8Array }[] =>
    Array.from({ length: to - from }, (_, i) => ({ key: keyOf(from + i), bytes: vectorOf(from + i) }));
  const holds = (store: ByteStore, at: number): boolean => {
    const bytes = store.get(keyOf(at));
    if (bytes === null) return false;
    assert.deepEqual(bytes, vectorOf(at), `vector ${at}`);
    return true;
  };

  it("gives back what was put, also to another process's store and after it was closed", async () => {
    const first = await open();
    const second = await open();
    await first.put(entries(0, 100));
    for (let at = 0; at < 100; at++) assert.ok(holds(second, at));
    assert.equal(holds(second, 100), false);
    await opened.shift()!.close();
    await opened.shift()!.close();
    assert.ok(holds(await open(), 99));
  });

  it("lets what was not used for longest go when the limit is reached", async () => {
    let now = 480_000 * HOUR;
    const store = await open({ limit: 8e6, now: () => now });
    await store.put(entries(0, 1500));
    now += HOUR;
    await store.put(entries(1500, 3000));
    now += HOUR;
    for (let at = 0; at < 100; at++) assert.ok(holds(store, at));
    await store.noteUse();
    for (let from = 3000; from < 4400; from += 100) await store.put(entries(from, from + 100));
    const kept = (from: number, to: number): number =>
      Array.from({ length: to - from }, (_, i) => holds(store, from + i)).filter(Boolean).length;
    assert.ok(store.bytes() <= 8e6);
    assert.equal(kept(0, 100), 100, "used in the last hour");
    assert.equal(kept(4300, 4400), 100, "just written");
    assert.ok(kept(100, 1500) < 500, "unused since the first hour");
    assert.ok(kept(1500, 3000) > kept(100, 1500), "what was used later stays longer");
  });

  it("obeys the limit that another process has set, at once and after it is opened again", async () => {
    const store = await open({ limit: 1e9 });
    await store.put(entries(0, 3000));
    const other = await open({ limit: 1e9 });
    await other.limitTo(3e6);
    assert.ok(store.bytes() <= 3e6, "what is above goes at once");
    await store.put(entries(3000, 6000));
    assert.ok(store.bytes() <= 3e6);
    await opened.shift()!.close();
    await opened.shift()!.close();
    const again = await open({ limit: 1e9 });
    await again.put(entries(0, 3000));
    assert.ok(again.bytes() <= 3e6);
    const once = openOnce(folder);
    once.limit(1e9);
    await once();
    await again.put(entries(0, 3000));
    assert.ok(again.bytes() > 3e6, "a higher one counts for all as well");
    await once.close();
  });

  it("never gives bytes that were not written under the key", () => {
    const record = writeRecord(keyOf(1), vectorOf(1), 20000);
    assert.deepEqual(readRecord(keyOf(1), record)?.bytes, vectorOf(1));
    assert.equal(readRecord(keyOf(2), record), null);
    assert.equal(readRecord(keyOf(1), record.subarray(0, -4)), null);
    assert.equal(readRecord(keyOf(1), record.subarray(0, 3)), null);
    for (let at = 8; at < record.length; at += 97) {
      const changed = Buffer.from(record);
      changed[at]! ^= 1;
      assert.equal(readRecord(keyOf(1), changed), null, `byte ${at}`);
    }
  });

  it("starts anew when its file is not a database", async () => {
    for (const content of ["this is not a database".repeat(1000), "short", ""]) {
      await writeFile(join(folder, "vectors.mdb"), content);
      const store = await open();
      await store.put(entries(0, 1));
      assert.ok(holds(store, 0));
      await opened.shift()!.close();
    }
  });

  it("is absent where its folder cannot be made", async () => {
    await writeFile(join(folder, "file"), "");
    assert.equal(await ByteStore.open(join(folder, "file", "cache"), { limit: 1e9 }), null);
  });

  it("is gone when it is removed", async () => {
    const store = await open();
    await store.put(entries(0, 10));
    await opened.shift()!.close();
    await removeStore(folder);
    assert.deepEqual(await readdir(folder), []);
    assert.equal(holds(await open(), 0), false);
  });

  it("is empty for everyone once it is cleared, and its space is free", async () => {
    const other = await open();
    await other.put(entries(0, 100));
    const once = openOnce(folder);
    assert.ok((await once.clear()) > 100 * 384 * 4);
    assert.equal(holds(other, 0), false);
    assert.ok(!(await readdir(folder)).includes("vectors.mdb"));
    const again = await once();
    await again!.put(entries(0, 1));
    assert.ok(holds(again!, 0));
    await once.close();
  });

  it("gives only right vectors after 24 kills of a process that writes, and loses no batch that it said was kept", async (t) => {
    const random = createRandom(5);
    const writer = await builtWriter(folder);
    let said = 0;
    let next = 0;
    for (let kill = 0; kill < 24; kill++) {
      const child = fork(writer, [folder, String(next)], { execArgv: [] });
      const wanted = random.below(12);
      let batches = 0;
      child.on("message", (to: number) => {
        said = Math.max(said, to);
        if (++batches > wanted) setTimeout(() => child.kill("SIGKILL"), random.below(8));
      });
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      assert.equal(signal, "SIGKILL");
      next = said;
    }
    const store = await open();
    for (let at = 0; at < said; at++) assert.ok(holds(store, at), `vector ${at} of ${said} is lost`);
    let beyond = 0;
    while (holds(store, said + beyond)) beyond++;
    t.diagnostic(`${said} vectors were said to be kept, ${beyond} of the last batch were`);
    await store.put(entries(said, said + 200));
    assert.ok(holds(store, said + 199), "the store can be written after the kills");
  });

  it("is written by four processes at once", async () => {
    const writer = await builtWriter(folder);
    const children = [0, 1, 2, 3].map((i) => fork(writer, [folder, String(i * 1000), "640"], { execArgv: [] }));
    await Promise.all(children.map((child) => once(child, "exit")));
    const store = await open();
    for (const from of [0, 1000, 2000, 3000]) for (let at = from; at < from + 640; at++) assert.ok(holds(store, at));
  });
});
