import type { ItemDetails } from "../../protocol/panel";
import type { Neighbor } from "../../protocol/result";
import { el, fill } from "../dom";
import type { Host } from "../host";
import type { Items } from "../items";
import { linkButton } from "../ui";
import { number, similarityWords } from "../words";
import type { Actions } from "./actions";
import { itemName, metaTable, thumbnail } from "./item-view";

/** Columns of a record that the details list. */
const MOST_FIELDS = 100;

const TURN_HINT = "Drag the map to turn it, or press W, A, S or D; a double click or 0 turns it back.";
const HINT =
  "Click a point to see what it is; Ctrl or ⌘ and a second click compares two; Shift and a drag chooses many. A file from the explorer opens here when you hold Shift while you drop it.";

/** What is known about the chosen item, and how similar two chosen items are. */
export class Details {
  readonly element = el("section", { class: "details", id: "details", attrs: { "aria-live": "polite" } });
  #now: { selected: readonly number[]; version: number; turns: boolean } | null = null;
  #asked: AbortController | null = null;

  constructor(
    private readonly host: Host,
    private readonly items: Items,
    private readonly actions: Actions,
  ) {}

  /**
   * @param version changes when the same index may mean something else, or neighbours may have changed
   * @param turns whether a map of three dimensions is shown
   */
  update(selected: readonly number[], version: number, turns: boolean): void {
    const known = this.#now;
    const same = known?.selected === selected || String(known?.selected) === String(selected);
    if (same && known?.version === version && (known.turns === turns || selected.length > 0)) return;
    this.#now = { selected, version, turns };
    this.#asked?.abort();
    const index = selected.at(-1);
    if (index === undefined) {
      fill(this.element, el("p", { class: "hint", text: turns ? `${TURN_HINT} ${HINT}` : HINT }));
      return;
    }
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const other = selected.length === 2 ? selected[0]! : null;
    const body = el("div");
    const neighbors = el("div", { class: "neighbors" });
    const record = el("div", { class: "record", id: "record" });
    fill(
      this.element,
      other !== null && this.#pair(other, index, signal),
      this.#heading(selected.length),
      body,
      this.#place(index),
      record,
      neighbors,
    );
    // Who walks through a list in this column keeps the place in it.
    if (!this.element.parentElement?.contains(document.activeElement))
      this.element.scrollIntoView({ block: "nearest" });
    this.host.record(index, signal).then(
      (rows) => {
        const filled = (rows ?? []).filter(({ value }) => value !== "");
        if (signal.aborted || filled.length === 0) return;
        fill(record, el("h2", { text: "Record" }), metaTable(filled.slice(0, MOST_FIELDS)));
      },
      // The details say what is wrong with the file, once.
      () => undefined,
    );
    if (this.items.kind === "image") body.append(thumbnail(this.items, index));
    this.host.details(index, signal).then(
      (details) => {
        if (signal.aborted) return;
        if (details.text !== null) body.append(el("div", { class: "full-text", text: details.text }));
        fill(neighbors, ...this.#neighbors(details));
      },
      (error: unknown) => {
        if (signal.aborted) return;
        fill(neighbors, el("p", { class: "hint", text: error instanceof Error ? error.message : String(error) }));
      },
    );
  }

  #heading(count: number): HTMLElement {
    return el(
      "div",
      { class: "details-head" },
      el("h2", { id: "selected-count", text: count > 1 ? `${number(count)} items selected, the last` : "Selected" }),
      linkButton("Clear", () => this.actions.clearPicked()),
    );
  }

  #place(index: number): HTMLElement {
    const label = this.items.label(index);
    const link = linkButton(this.items.source(index), () => this.actions.reveal(index));
    link.id = "reveal";
    link.title = "Show where it comes from";
    return el(
      "div",
      { class: "place" },
      label !== null && el("div", { class: "card-label", text: label }),
      this.#cluster(index),
      link,
    );
  }

  #cluster(index: number): HTMLElement | null {
    const cluster = this.items.cluster(index);
    if (!cluster) return null;
    const { label, exemplar } = cluster;
    const link = linkButton("Exemplar", () => this.actions.pick(exemplar, { reveal: true }));
    link.id = "exemplar";
    link.title = "Show the item in the middle of this cluster";
    return el(
      "div",
      { class: "details-head" },
      el("span", { class: "details-cluster", text: label, title: "Cluster" }),
      exemplar === index ? el("small", { class: "hint", text: "its exemplar" }) : link,
    );
  }

  #pair(a: number, b: number, signal: AbortSignal): HTMLElement {
    const value = el("span", { class: "value", id: "pair-similarity", text: "…" });
    this.host.similarity(a, b, signal).then(
      (similarity) => {
        value.textContent = similarity === null ? "Run again to compare" : similarityWords(similarity);
      },
      () => (value.textContent = "unknown"),
    );
    return el(
      "div",
      { class: "pair" },
      el("h2", { text: "Similarity" }),
      value,
      el("div", { class: "pair-name" }, itemName(this.items, a)),
      el("div", { class: "pair-name" }, itemName(this.items, b)),
    );
  }

  #neighbors({ neighbors }: ItemDetails): HTMLElement[] {
    if (neighbors === null) return [el("p", { class: "hint", text: "Run again to see the nearest items." })];
    if (neighbors.length === 0) return [];
    return [
      el("h2", { text: neighbors.length === 1 ? "Nearest item" : `${neighbors.length} nearest items` }),
      el("ol", { class: "neighbor-rows" }, ...neighbors.map((neighbor) => el("li", {}, this.#neighbor(neighbor)))),
    ];
  }

  #neighbor({ index, similarity }: Neighbor): HTMLElement {
    const label = this.items.kind === "image" ? this.items.label(index) : null;
    return el(
      "button",
      {
        class: "neighbor",
        attrs: { type: "button" },
        on: { click: () => this.actions.pick(index, { reveal: true }) },
      },
      this.items.kind === "image" && thumbnail(this.items, index),
      el(
        "span",
        { class: "neighbor-words" },
        itemName(this.items, index),
        label !== null && el("small", { text: label }),
      ),
      el("span", { class: "value", text: similarityWords(similarity) }),
    );
  }
}
