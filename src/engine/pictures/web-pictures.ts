import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RemotePictures } from "../../protocol/engine";
import { isCancelled, LensError } from "../../protocol/errors";
import type { Skipped } from "../../protocol/result";
import { cellsOf } from "../columns";
import type { ExecOptions } from "../pool";
import type { RunContext } from "../run/context";
import type { ItemSet } from "../types";
import { pictureType } from "./picture-type";

/** Asks the host, which alone has the network and the user. */
export interface PictureSource {
  /** Which of these hosts the person allows. */
  confirm(hosts: RemotePictures[], ctx: RunContext): Promise<string[]>;
  /** @throws LensError "network" with why */
  load(request: { url: string; maxBytes: number }, ctx: RunContext): Promise<Uint8Array>;
}

/** The largest picture that is loaded. */
const MOST_BYTES = 20_000_000;
const AT_ONCE = 8;

/** Pictures at web addresses: loaded after the person has allowed their hosts, kept in a temporary folder until the engine ends. */
export class WebPictures {
  private folder: string | null = null;
  /** Files of pictures by their address, also of runs before. */
  private readonly files = new Map<string, string>();

  constructor(private readonly source: PictureSource | null) {}

  /** The items with their pictures on this machine; those whose host is not allowed or that cannot be loaded are left out by name. */
  async loaded(set: ItemSet, ctx: RunContext, { signal, report }: ExecOptions): Promise<ItemSet> {
    const urls = new Set(set.items.flatMap(({ url }) => url ?? []));
    if (urls.size === 0) return set;
    const reasons = new Map<string, string>();
    const wanted = [...urls].filter((url) => !this.files.has(url));
    const allowed = new Set(await this.allowed(wanted, ctx));
    const queue = wanted.filter((url) => {
      const { host } = new URL(url);
      if (!allowed.has(host)) reasons.set(url, `its picture is on ${host}, from which loading was not allowed`);
      return allowed.has(host);
    });
    let done = 0;
    const one = async (): Promise<void> => {
      for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
        signal?.throwIfAborted();
        const reason = await this.load(url, ctx);
        if (reason !== null) reasons.set(url, reason);
        report?.(++done, wanted.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    return this.without(set, reasons);
  }

  dispose(): void {
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
    this.files.clear();
  }

  private async allowed(urls: readonly string[], ctx: RunContext): Promise<string[]> {
    const counts = new Map<string, number>();
    for (const url of urls) counts.set(new URL(url).host, (counts.get(new URL(url).host) ?? 0) + 1);
    if (counts.size === 0 || this.source === null) return [];
    return this.source.confirm(
      Array.from(counts, ([host, pictures]) => ({ host, pictures })),
      ctx,
    );
  }

  /** Why a picture cannot be had, null when it is there. */
  private async load(url: string, ctx: RunContext): Promise<string | null> {
    try {
      const bytes = await this.source!.load({ url, maxBytes: MOST_BYTES }, ctx);
      const type = pictureType(bytes);
      if (type === null) return `what is at ${url} is no picture that can be read`;
      this.folder ??= temporaryFolder();
      const file = join(this.folder, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.${type}`);
      await writeFile(file, bytes);
      this.files.set(url, file);
      return null;
    } catch (error) {
      if (isCancelled(error) || ctx.signal.aborted) throw error;
      return `its picture could not be loaded: ${error instanceof Error ? error.message.replace(/\.$/, "") : String(error)}`;
    }
  }

  private without(set: ItemSet, reasons: ReadonlyMap<string, string>): ItemSet {
    const left = set.items.flatMap(({ path, row, url }): Skipped[] => {
      const reason = url === undefined ? undefined : reasons.get(url);
      return reason === undefined ? [] : [{ path, ...(row !== undefined && { place: row }), reason }];
    });
    const kept = Int32Array.from(set.items.keys()).filter((at) => {
      const { url } = set.items[at]!;
      return url === undefined || !reasons.has(url);
    });
    if (kept.length === 0) {
      const [first] = left;
      throw new LensError(
        "source",
        `No picture could be loaded. Of the first, ${first!.path} row ${first!.place ?? 1}: ${first!.reason}.`,
      );
    }
    const items = Array.from(kept, (at) => {
      const { url, ...item } = set.items[at]!;
      const file = url === undefined ? undefined : this.files.get(url);
      return file === undefined ? item : { ...item, file };
    });
    const meta = set.meta?.map((column) => cellsOf(column, kept));
    return { ...set, items, ...(meta && { meta }), skipped: [...set.skipped, ...left] };
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "embedding-lens-pictures-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
