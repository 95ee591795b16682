import type { PanelComparison } from "../../protocol/compare";
import type { RunResult, Skipped } from "../../protocol/result";
import { el, fill } from "../dom";
import { keptOf, type Shown } from "../state";
import {
  columnParts,
  columnWords,
  comparisonParts,
  comparisonWords,
  leftOutWords,
  number,
  qualityWords,
  shownWords,
  skippedWords,
  statusParts,
} from "../words";

const MOST_LISTED = 300;
type List = "skipped" | "warnings" | "notes";

/**
 * What is shown, in one line; what was left out, the warnings and the notes open as lists above it. New warnings are open:
 * the picture may not be what was meant.
 */
export class StatusLine {
  readonly element: HTMLElement;
  readonly #line = el("div", { class: "status-line", id: "status", role: "status" });
  readonly #list = el("div", { class: "status-list", id: "status-list", hidden: true });
  #open: List | null = null;
  /** Nobody has asked for the list: where there is little room it takes less of it. */
  #unasked = false;
  /** The warnings that were opened last. */
  #said = "";
  #now = "";

  /** @param offer a way out of what the warnings say, if there is one */
  constructor(private readonly offer: (result: RunResult) => HTMLElement | null = () => null) {
    this.element = el("footer", { class: "status" }, this.#list, this.#line);
  }

  /** @param heatmap the items in the heatmap, null before its matrix is there */
  update(shown: Shown, heatmap: { shown: number; total: number } | null): void {
    const { result, view, state } = shown;
    if (!result) {
      this.#now = "";
      this.#list.hidden = true;
      fill(this.#line, state.kind === "running" ? "Running" : "");
      return;
    }
    const { comparison } = shown;
    const compared = view === "compare" && comparison ? comparison : null;
    const parts = compared ? comparisonParts(result, compared) : statusParts(result, view, heatmap);
    const kept = keptOf(shown);
    if (kept) parts.splice(1, 0, shownWords(result, kept, view));
    const skipped = compared ? [...result.skipped, ...skippedBy(compared)] : result.skipped;
    const leftOut = leftOutWords(skipped, result.items.count);
    const warnings = [...(leftOut === null ? [] : [leftOut]), ...result.warnings];
    const notes = result.notes ?? [];
    this.#openNew(warnings);
    const key = JSON.stringify([parts, skipped, warnings, notes, this.#open]);
    if (key === this.#now) return;
    this.#now = key;
    const again = (): void => this.update(shown, heatmap);
    const columns = columnParts(result);
    const pieces: HTMLElement[] = parts.map((text) => {
      const title = columns.includes(text)
        ? columnWords(result)
        : compared && (text.includes("shared") || text.startsWith("disparity"))
          ? comparisonWords(compared)
          : text.includes("trust")
            ? qualityWords(result)
            : undefined;
      return el("span", { text, ...(title !== undefined && { title }) });
    });
    if (skipped.length > 0) pieces.splice(2, 0, this.#toggle("skipped", `${number(skipped.length)} left out`, again));
    if (warnings.length > 0) pieces.push(this.#toggle("warnings", counted(warnings.length, "warning"), again));
    if (notes.length > 0) pieces.push(this.#toggle("notes", counted(notes.length, "note"), again));
    fill(this.#line, ...pieces);
    const lists: Record<List, () => readonly string[]> = {
      skipped: () => skipped.map((one) => skippedWords(one, result.recipe.source.kind)),
      warnings: () => warnings,
      notes: () => notes,
    };
    this.#list.classList.toggle("warnings", this.#open === "warnings");
    this.#list.classList.toggle("unasked", this.#unasked);
    this.#fillList(this.#open ? lists[this.#open]() : [], this.#open === "warnings" ? this.offer(result) : null);
  }

  #openNew(warnings: readonly string[]): void {
    const said = JSON.stringify(warnings);
    if (said === this.#said) return;
    this.#said = said;
    this.#unasked = warnings.length > 0;
    if (this.#unasked) this.#open = "warnings";
    else if (this.#open === "warnings") this.#open = null;
  }

  #toggle(list: List, words: string, again: () => void): HTMLElement {
    const open = this.#open === list;
    return el("button", {
      class: `status-toggle ${list}`,
      id: `status-${list}`,
      text: `${words} ${open ? "▾" : "▸"}`,
      attrs: { type: "button", "aria-expanded": String(open), "aria-controls": "status-list" },
      on: {
        click: () => {
          this.#open = open ? null : list;
          this.#unasked = false;
          again();
          document.getElementById(`status-${list}`)?.focus();
        },
      },
    });
  }

  #fillList(lines: readonly string[], offer: HTMLElement | null): void {
    this.#list.hidden = lines.length === 0;
    const rest = lines.length - MOST_LISTED;
    fill(
      this.#list,
      el(
        "ul",
        {},
        ...lines.slice(0, MOST_LISTED).map((text) => el("li", { text })),
        rest > 0 && el("li", { text: `and ${number(rest)} more` }),
        offer && el("li", {}, offer),
      ),
    );
  }
}

const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** What the second model left out, and that it was this one. */
const skippedBy = ({ skipped, model }: PanelComparison): Skipped[] =>
  skipped.map((one) => ({ ...one, reason: `${one.reason} (${model.name})` }));
