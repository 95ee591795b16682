import { isCancelled } from "../protocol/errors";
import { dateWords } from "../charts/scale";
import type { Cluster, MetaColumn, RunResult } from "../protocol/result";
import type { Host } from "./host";
import { fileName, placeWords } from "./words";

/** What is kept of one text: enough for a tooltip; the details ask for the whole. */
const TEXT_LENGTH = 300;
const THUMBNAIL_SIZE = 256;
const MOST_THUMBNAILS = 300;

/** Texts and thumbnails of the items of the current result: fetched when needed, kept while the items stay the same. */
export class Items {
  #result: RunResult | null = null;
  #texts = new Map<number, Promise<string>>();
  #thumbnails = new Map<number, Promise<string | null>>();
  #batch: { index: number; resolve: (text: string) => void; reject: (error: unknown) => void }[] = [];

  constructor(private readonly host: Host) {}

  /** @param same whether these are the items that were known before */
  use(result: RunResult | null, same: boolean): void {
    this.#result = result;
    if (same) return;
    this.#texts.clear();
    for (const url of this.#thumbnails.values()) void url.then(forget);
    this.#thumbnails.clear();
  }

  get kind(): RunResult["items"]["kind"] {
    return this.#result?.items.kind ?? "text";
  }

  label(index: number): string | null {
    const items = this.#result?.items;
    return items?.labels[items.label[index] ?? -1] ?? null;
  }

  /** The cluster of an item; null for noise, or without clusters. */
  cluster(index: number): Cluster | null {
    const { cluster = [], clusters = [] } = this.#result ?? {};
    return clusters.find(({ id }) => id === cluster[index]) ?? null;
  }

  path(index: number): string {
    const items = this.#result?.items;
    return items?.paths[items.path[index] ?? -1] ?? "";
  }

  /** "row 3" of one file, "row 3, b.csv" of several; "b.txt" for a whole file. */
  place(index: number): string {
    const items = this.#result?.items;
    const place = items ? placeWords(items, index) : "";
    return place && items?.paths.length === 1 ? place : [place, this.path(index)].filter(Boolean).join(", ");
  }

  /** "notes.txt, line 3" */
  source(index: number): string {
    const place = this.#result ? placeWords(this.#result.items, index) : "";
    return place ? `${this.path(index)}, ${place}` : this.path(index);
  }

  /** Ids of the fields that are in use: a tooltip shows these first. */
  first: readonly string[] = [];

  /** Values of an item's other columns as text, those in use first; empty cells are left out. */
  meta(index: number, most: number): { name: string; value: string }[] {
    const columns = this.#result?.items.meta ?? [];
    const rank = ({ name }: MetaColumn): number => (this.first.includes(`meta:${name}`) ? 0 : 1);
    return [...columns]
      .sort((a, b) => rank(a) - rank(b))
      .map((column) => ({ name: column.name, value: metaText(column, index) }))
      .filter(({ value }) => value !== "")
      .slice(0, most);
  }

  /** What an item is called in a list, where the end may be cut off: its text, its id, the name of its file, or its place. Never rejects. */
  async name(index: number): Promise<string> {
    const items = this.#result?.items;
    switch (this.kind) {
      case "text": {
        const text = await this.text(index);
        return text || this.place(index);
      }
      case "image":
        return fileName(this.path(index));
      case "vector": {
        const text = this.#result?.columns?.text ? await this.text(index) : "";
        return text || (items?.ids?.[index] ?? this.place(index));
      }
    }
  }

  /** The beginning of an item's text, "" when it cannot be had. Never rejects. */
  text(index: number): Promise<string> {
    let text = this.#texts.get(index);
    if (!text) {
      text = new Promise<string>((resolve, reject) => {
        if (this.#batch.length === 0) queueMicrotask(() => void this.#fetch());
        this.#batch.push({ index, resolve, reject });
      }).catch((error: unknown) => {
        if (isCancelled(error)) this.#texts.delete(index);
        return "";
      });
      this.#texts.set(index, text);
    }
    return text;
  }

  /** A URL of a small picture, null when there is none. Never rejects. */
  thumbnail(index: number): Promise<string | null> {
    let url = this.#thumbnails.get(index);
    this.#thumbnails.delete(index);
    url ??= this.host.thumbnail(index, THUMBNAIL_SIZE).then(
      (thumbnail) =>
        thumbnail &&
        URL.createObjectURL(new Blob([thumbnail.bytes as Uint8Array<ArrayBuffer>], { type: thumbnail.type })),
      () => null,
    );
    this.#thumbnails.set(index, url);
    for (const [oldest, old] of this.#thumbnails) {
      if (this.#thumbnails.size <= MOST_THUMBNAILS) break;
      this.#thumbnails.delete(oldest);
      void old.then(forget);
    }
    return url;
  }

  /** One request for all texts that were asked for in one go. */
  async #fetch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    try {
      const texts = await this.host.texts(
        Int32Array.from(batch, ({ index }) => index),
        TEXT_LENGTH,
      );
      batch.forEach(({ resolve }, at) => resolve(texts[at] ?? ""));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function metaText(column: MetaColumn, index: number): string {
  switch (column.kind) {
    case "text":
      return "";
    case "category":
    case "boolean": {
      const code = column.code[index] ?? -1;
      return code === -2 ? "…" : (column.values[code] ?? "");
    }
    case "number": {
      const value = column.value[index] ?? NaN;
      return Number.isNaN(value) ? "" : String(value);
    }
    case "date": {
      const value = column.value[index] ?? NaN;
      return dateWords(value, value % 86_400_000 === 0 ? 86_400_000 * 4 : 0);
    }
  }
}

function forget(url: string | null): void {
  if (url) URL.revokeObjectURL(url);
}
