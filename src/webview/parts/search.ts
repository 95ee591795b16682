import { isCancelled } from "../../protocol/errors";
import type { Found } from "../../protocol/explore";
import type { Neighbor } from "../../protocol/result";
import { el, fill } from "../dom";
import type { Host } from "../host";
import type { Items } from "../items";
import type { Shown } from "../state";
import { linkButton } from "../ui";
import { similarityWords } from "../words";
import type { Actions } from "./actions";
import { itemName, thumbnail } from "./item-view";

/** Items that a search gives. */
const MOST = 20;

/** Finds items by words: the nearest ones are listed, and chosen on the chart. */
export class Search {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #answer = el("div", { class: "search-answer", id: "search-answer", attrs: { "aria-live": "polite" } });
  #asked: AbortController | null = null;
  #shown: Shown | null = null;
  /** The result that the answer is about. */
  #version = 0;

  constructor(
    private readonly host: Host,
    private readonly items: Items,
    private readonly actions: Actions,
  ) {
    this.#input = el("input", {
      id: "search",
      attrs: {
        type: "search",
        maxlength: "2000",
        spellcheck: "false",
        enterkeyhint: "search",
        placeholder: "Search by words",
      },
      on: {
        search: () => this.#input.value === "" && this.#clear(),
        keydown: (event) => {
          // Escape empties the field; it is not for the chart.
          if ((event as KeyboardEvent).key !== "Escape" || this.#input.value === "") return;
          event.stopPropagation();
          this.#clear();
        },
      },
    });
    const form = el(
      "form",
      {
        role: "search",
        on: {
          submit: (event) => {
            event.preventDefault();
            this.#ask();
          },
        },
      },
      this.#input,
    );
    this.element = el("section", { class: "word-search", id: "search-box", hidden: true }, form, this.#answer);
  }

  /** @param version changes with the result: what was found before may be another item now */
  update(shown: Shown, version: number): void {
    this.#shown = shown;
    const kind = shown.result?.items.kind;
    this.element.hidden = kind === undefined || kind === "vector";
    this.#input.setAttribute("aria-label", kind === "image" ? "Search pictures by words" : "Search by words");
    if (version === this.#version) return;
    this.#version = version;
    if (this.#answer.childElementCount === 0) return;
    this.#asked?.abort();
    fill(this.#answer, el("p", { class: "hint", text: "The map has changed since: search again." }));
  }

  #ask(): void {
    const query = this.#input.value.trim();
    if (query === "") return this.#clear();
    if (this.#shown?.state.kind === "running") return this.#say("Search when the run is done.");
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.#say("Searching …");
    this.host.search(query, MOST, asked.signal).then(
      (found) => {
        if (this.#asked === asked && !asked.signal.aborted) this.#fill(found);
      },
      (error: unknown) => {
        if (this.#asked !== asked) return;
        if (isCancelled(error)) return fill(this.#answer);
        this.#say(error instanceof Error ? error.message : String(error));
      },
    );
  }

  #clear(): void {
    this.#asked?.abort();
    this.#asked = null;
    this.#input.value = "";
    fill(this.#answer);
  }

  #say(text: string): void {
    fill(this.#answer, el("p", { class: "hint", text }));
  }

  #fill(found: Found | null): void {
    if (!found) return this.#say("Run again to search.");
    const { hits, truncated } = found;
    // The best one last: it is the one whose details are shown.
    const mark = (): void => this.actions.pickMany(hits.map(({ index }) => index).reverse(), false);
    fill(
      this.#answer,
      el(
        "div",
        { class: "details-head" },
        el("h2", { text: hits.length === 1 ? "Nearest item" : `${hits.length} nearest items` }),
        linkButton("Show on chart", mark),
      ),
      truncated && el("p", { class: "hint", text: "Only the beginning of these words was read." }),
      el("ol", { class: "search-rows", id: "search-rows" }, ...hits.map((hit) => el("li", {}, this.#row(hit)))),
    );
    mark();
  }

  #row({ index, similarity }: Neighbor): HTMLElement {
    const label = this.items.label(index);
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
