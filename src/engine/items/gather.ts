import { LensError } from "../../protocol/errors";
import type { Skipped } from "../../protocol/result";
import { createRandom } from "../random";
import type { Item, ItemSet, StageContext } from "../types";
import { SKIPPED_LIMIT, unlistedWarning } from "./limits";
import { counted } from "./paths";
import { Reservoir } from "./sample";

/** Gathers the items of a text source: samples them, counts what is left out, and reports how far it is. */
export class Gatherer {
  readonly warnings: string[] = [];
  readonly notes: string[] = [];
  private readonly items: Reservoir<Item>;
  private readonly skipped: Skipped[] = [];
  private unlisted = 0;
  private blank = 0;

  constructor(
    private readonly sample: number | undefined,
    seed: number,
    private readonly ctx: StageContext,
  ) {
    this.items = new Reservoir<Item>(sample, createRandom(seed));
  }

  push(item: Item & { text: string }): void {
    // A piece of a string keeps the whole string alive: with a sample, keep a copy of the few items that stay.
    this.items.push(() => (this.sample === undefined ? item : copyOf(item)));
  }

  /** One item is left out, by name. */
  skip(left: Skipped): void {
    if (this.skipped.length < SKIPPED_LIMIT) this.skipped.push(left);
    else this.unlisted++;
  }

  /** Empty items are left out: only counted. */
  skipBlank(count = 1): void {
    this.blank += count;
  }

  warn(...sentences: string[]): void {
    this.warnings.push(...sentences);
  }

  /** Says what is no fault. */
  note(...sentences: string[]): void {
    this.notes.push(...sentences);
  }

  /** Says how far it is and stops when the user cancelled. */
  report(): void {
    this.ctx.signal.throwIfAborted();
    this.ctx.report(this.items.total, 0);
  }

  /**
   * @param unit what a blank item is called: "empty line"
   * @throws LensError "source" when there is no item
   */
  finish(nothing: string, unit: string, fingerprint: string): ItemSet {
    const items = this.items.values();
    if (items.length === 0) throw new LensError("source", this.whyNothing(nothing));
    if (this.blank > 0) this.note(`${counted(this.blank, unit)} left out.`);
    if (this.unlisted > 0) this.warn(unlistedWarning(this.unlisted));
    this.ctx.report(items.length, items.length);
    const { skipped, warnings, notes } = this;
    return { kind: "text", items, total: this.items.total, skipped, warnings, notes, fingerprint };
  }

  private whyNothing(nothing: string): string {
    const [first] = this.skipped;
    if (!first) return nothing;
    const others = this.skipped.length - 1 + this.unlisted;
    const more = others > 0 ? ` (and ${others} more)` : "";
    if (first.place === undefined) return `${first.path}: ${first.reason}${more}.`;
    return `${nothing} The first, ${first.path} row ${first.place}: ${first.reason}${more}.`;
  }
}

const copy = (text: string): string => Buffer.from(text, "utf8").toString("utf8");

const copyOf = (item: Item & { text: string }): Item => ({
  ...item,
  ...(item.id !== undefined && { id: copy(item.id) }),
  label: item.label === null ? null : copy(item.label),
  text: copy(item.text),
});
