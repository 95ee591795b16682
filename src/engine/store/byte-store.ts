import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Database, RootDatabase } from "lmdb";
import { isDatabase } from "./header";
import { hourOf, readRecord, writeRecord } from "./record";

const FILE = "vectors.mdb";
/** Large enough that a vector of 1,000 dimensions needs no page of its own. */
const PAGE_BYTES = 8192;
/** When the limit is reached, the least recently used go until so much of it is left. */
const KEPT_PART = 0.9;
const EVICTED_AT_ONCE = 500;
const NOTHING = Buffer.alloc(0);
const LIMIT_KEY = Buffer.from("limit");

export interface Entry {
  /** 24 bytes. */
  key: Buffer;
  /** A multiple of 4 bytes. */
  bytes: Uint8Array;
}

export interface StoreOptions {
  /** Bytes of pages in use at most, while no process has said another number. */
  limit: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * Bytes by key in one LMDB file, shared by all processes of a user. A write is whole or not at all, whenever a process is
 * killed; a record that fails its checksum counts as absent. What was not used for longest goes first.
 * Nothing here ever fails a run: a store that cannot be opened or written keeps nothing.
 */
export class ByteStore {
  private readonly touched = new Map<string, Entry>();
  private readonly writing = new Set<Promise<void>>();
  private broken = false;

  private constructor(
    private readonly root: RootDatabase<Buffer, Buffer>,
    private readonly records: Database<Buffer, Buffer>,
    /** Keys with the hour of their last use before them (4 bytes, big-endian): in the order in which they go. */
    private readonly hours: Database<Buffer, Buffer>,
    /** What all processes go by. */
    private readonly settings: Database<Buffer, Buffer>,
    private readonly fallback: number,
    private readonly now: () => number,
  ) {}

  /**
   * @param folder absolute; made when it is missing
   * @returns null where LMDB has no binary or the folder cannot be used
   */
  static async open(folder: string, { limit, now = Date.now }: StoreOptions): Promise<ByteStore | null> {
    try {
      await mkdir(folder, { recursive: true });
      const { open } = await import("lmdb");
      const binary = { encoding: "binary", keyEncoding: "binary" } as const;
      const path = join(folder, FILE);
      // What is there instead held nothing that cannot be computed again.
      if (!(await isDatabase(path, PAGE_BYTES))) await removeStore(folder);
      const root = open<Buffer, Buffer>({ path, noSubdir: true, compression: false, pageSize: PAGE_BYTES, ...binary });
      const records = root.openDB<Buffer, Buffer>({ name: "records", ...binary });
      const hours = root.openDB<Buffer, Buffer>({ name: "hours", ...binary });
      const settings = root.openDB<Buffer, Buffer>({ name: "settings", ...binary });
      return new ByteStore(root, records, hours, settings, limit, now);
    } catch {
      return null;
    }
  }

  /** The bytes under a key, in a buffer of their own; null when there are none. Takes some microseconds. */
  get(key: Buffer): Uint8Array | null {
    try {
      const record = this.records.getBinaryFast(key);
      const read = record === undefined ? null : readRecord(key, record);
      if (read === null) return null;
      if (read.hour !== this.thisHour()) this.touched.set(key.toString("latin1"), { key, bytes: read.bytes });
      return read.bytes;
    } catch {
      return null;
    }
  }

  /** Keeps entries, all or none of them. Answers when they are kept, or cannot be. */
  async put(entries: readonly Entry[]): Promise<void> {
    if (this.broken || entries.length === 0) return;
    const written = this.write(entries)
      .then(() => this.evict())
      .catch(() => {
        // A full disk, most likely: later writes would fail as well.
        this.broken = true;
      });
    this.writing.add(written);
    await written;
    this.writing.delete(written);
  }

  /** Notes that what was read is still in use. */
  async noteUse(): Promise<void> {
    const used = [...this.touched.values()];
    this.touched.clear();
    await this.put(used);
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    this.touched.clear();
    await Promise.all([this.records.clearAsync(), this.hours.clearAsync()]);
  }

  /** Says how many bytes may be in use from now on, to every process that shares the store; what is above goes at once. */
  async limitTo(bytes: number): Promise<void> {
    try {
      if (bytes !== this.limit()) await this.settings.put(LIMIT_KEY, numberBytes(bytes));
      await this.evict();
    } catch {
      this.broken = true;
    }
  }

  /** Bytes of pages in use. */
  bytes(): number {
    return pageBytes(this.records) + pageBytes(this.hours);
  }

  async close(): Promise<void> {
    await this.noteUse();
    await Promise.all(this.writing);
    await this.root.close();
  }

  private async write(entries: readonly Entry[]): Promise<void> {
    const now = this.thisHour();
    // The writes of a batch are one transaction.
    const written = await this.root.batch(() => {
      for (const { key, bytes } of entries) {
        const before = this.records.getBinaryFast(key);
        if (before !== undefined) {
          const hour = readRecord(key, before)?.hour;
          if (hour === now) continue;
          if (hour !== undefined) void this.hours.remove(dated(hour, key));
        }
        void this.records.put(key, writeRecord(key, bytes, now));
        void this.hours.put(dated(now, key), NOTHING);
      }
    });
    if (!written) throw new Error("The batch was not written.");
  }

  private limit(): number {
    const said = this.settings.get(LIMIT_KEY);
    return said?.length === 8 ? said.readDoubleLE() : this.fallback;
  }

  private async evict(): Promise<void> {
    const limit = this.limit();
    if (this.bytes() <= limit) return;
    while (this.bytes() > limit * KEPT_PART) {
      const oldest = [...this.hours.getKeys({ limit: EVICTED_AT_ONCE })].map((key) => Buffer.from(key));
      if (oldest.length === 0) return;
      await this.root.batch(() => {
        for (const key of oldest) {
          void this.hours.remove(key);
          void this.records.remove(key.subarray(4));
        }
      });
    }
  }

  private thisHour(): number {
    return hourOf(this.now());
  }
}

/** Deletes the store in a folder. A process that has it open goes on with what it had. */
export async function removeStore(folder: string): Promise<void> {
  await Promise.all([FILE, `${FILE}-lock`].map((name) => rm(join(folder, name), { force: true })));
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function dated(hour: number, key: Buffer): Buffer {
  const both = Buffer.alloc(4 + key.length);
  both.writeUInt32BE(hour, 0);
  both.set(key, 4);
  return both;
}

function pageBytes(database: Database<Buffer, Buffer>): number {
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = database.getStats() as Record<
    string,
    number
  >;
  return pageSize! * (treeBranchPageCount! + treeLeafPageCount! + overflowPages!);
}
