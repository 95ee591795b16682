import type { RunResult } from "../../protocol/result";
import { el, fill } from "../dom";
import type { Shown } from "../state";
import { agreementRows, placeRows, qualityRows, silhouetteRows, type Figure } from "../trust-words";
import type { Actions } from "./actions";
import { Section } from "./section";

/** How far the map, and the clusters, can be trusted, in figures with what they mean. */
export class Trust {
  readonly #section = new Section("How far to trust this", "trust", () => this.#draw());
  readonly element = this.#section.element;
  #result: RunResult | null = null;

  constructor(private readonly actions: Pick<Actions, "pick">) {}
  #drawn: RunResult | null = null;

  update({ result }: Pick<Shown, "result">): void {
    this.#result = result;
    this.element.hidden = !result || (!result.quality && !result.clusterQuality);
    this.#draw();
  }

  #draw(): void {
    const result = this.#result;
    if (!result || !this.#section.open || result === this.#drawn) return;
    this.#drawn = result;
    const { quality, clusterQuality } = result;
    fill(
      this.#section.body,
      quality && list("The map", "trust-map", qualityRows(quality)),
      quality?.labels && places(quality.labels),
      clusterQuality && list("Clusters", "trust-clusters", agreementRows(clusterQuality)),
      clusterQuality &&
        list("Silhouette of each cluster", "trust-silhouettes", silhouetteRows(result), ({ exemplar }) =>
          this.actions.pick(exemplar, { reveal: true }),
        ),
    );
  }
}

/** @param show what a click on a figure's name does; absent: nothing */
function list<F extends Figure>(
  title: string,
  id: string,
  figures: readonly F[],
  show?: (figure: F) => void,
): HTMLElement | null {
  if (figures.length === 0) return null;
  return el(
    "div",
    {},
    el("h3", { text: title }),
    el(
      "dl",
      { class: "figures", id },
      ...figures.flatMap((figure) => {
        const { name, value, meaning } = figure;
        const link = show && {
          class: "link",
          text: name,
          attrs: { type: "button" },
          on: { click: () => show(figure) },
        };
        return [
          link ? el("dt", { title: meaning }, el("button", link)) : el("dt", { text: name, title: meaning }),
          el("dd", { text: value, title: meaning }),
        ];
      }),
    ),
  );
}

/** How well near items tell the label, before and after the reduction. */
function places(labels: NonNullable<NonNullable<RunResult["quality"]>["labels"]>): HTMLElement {
  const { head, rows } = placeRows(labels);
  return el(
    "div",
    {},
    el("h3", { text: "Labels guessed by near items" }),
    el(
      "table",
      { class: "figure-table", id: "trust-labels" },
      el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { text, attrs: { scope: "col" } })))),
      el(
        "tbody",
        {},
        ...rows.map(([name, ...values]) =>
          el(
            "tr",
            {},
            el("th", { text: name ?? "", attrs: { scope: "row" } }),
            ...values.map((text) => el("td", { text })),
          ),
        ),
      ),
    ),
  );
}
