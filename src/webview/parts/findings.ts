import { MOST_FINDINGS, type Anomalies } from "../../protocol/explore";
import { isCancelled } from "../../protocol/errors";
import { breakable, el, fill } from "../dom";
import type { Host } from "../host";
import type { Items } from "../items";
import type { Shown } from "../state";
import { linkButton } from "../ui";
import { doubtfulWords, duplicateWords, outlierWords } from "../../charts/reasons";
import { number } from "../words";
import type { Actions } from "./actions";
import { findingRow } from "./item-view";
import { NumberControl } from "./number-control";
import { Section } from "./section";

/** Rows of a list at first, and how many more a click brings. */
const FIRST = 8;
const MORE = 40;
const REST = 300;
const THRESHOLD = { min: 0.5, max: 1, step: 0.01 };

/** One line of a list. */
interface Finding {
  /** One item, two to compare, or a group. */
  items: readonly number[];
  reason: string;
  score: string;
}

/** The engine tells no more of a kind. */
const howMany = (count: number): string =>
  count < MOST_FINDINGS ? number(count) : `the first ${number(MOST_FINDINGS)}`;

/** What the numbers of a list mean. */
const SCORES = {
  duplicates: "The least similarity to the item in the middle of the group",
  outliers: "How far from its nearest, in robust standard deviations of all items",
  doubtful: "The share of its nearest that carry another label; the more of them have one, the surer",
};

/** Near-duplicates, outliers and doubtful labels: folded away, and looked for when somebody opens it. */
export class Findings {
  readonly #section = new Section("Findings", "findings", () => this.#opened());
  readonly element = this.#section.element;
  readonly #body = this.#section.body;
  readonly #threshold: NumberControl;
  #value = 0.95;
  /** Of the result that is shown: what was found is of it. */
  #version = 0;
  #shown: Shown | null = null;
  #asked: { key: string; abort: AbortController } | null = null;
  #resting: number | undefined;
  /** Opened, and what it holds is on its way. */
  #opening = false;

  constructor(
    private readonly host: Host,
    private readonly items: Items,
    private readonly actions: Actions,
  ) {
    this.#threshold = new NumberControl(
      "Similar from",
      "findings-threshold",
      (value) => {
        this.#value = value;
        window.clearTimeout(this.#resting);
        this.#resting = window.setTimeout(() => this.#ask(), REST);
      },
      { slider: false },
    );
    this.#threshold.set(this.#value, THRESHOLD);
  }

  /** @param version changes with the result */
  update(shown: Shown, version: number): void {
    this.#shown = shown;
    this.#version = version;
    this.element.hidden = shown.result === null;
    if (this.#section.open && shown.result && shown.state.kind !== "running") this.#ask();
  }

  #ask(): void {
    const key = `${this.#version} ${this.#value}`;
    if (!this.#section.open || this.#asked?.key === key) return;
    this.#asked?.abort.abort();
    const asked = (this.#asked = { key, abort: new AbortController() });
    this.#say("Looking …");
    this.host.anomalies(this.#value, asked.abort.signal).then(
      (found) => {
        if (this.#asked !== asked) return;
        this.#fill(found);
        if (this.#opening) this.#section.show();
        this.#opening = false;
      },
      (error: unknown) => {
        if (this.#asked !== asked || isCancelled(error)) return;
        this.#asked = null;
        this.#say(error instanceof Error ? error.message : String(error));
      },
    );
  }

  #opened(): void {
    this.#opening = this.#section.open;
    if (!this.#opening) return;
    if (this.#shown?.state.kind === "running") this.#say("Looked for when the run is done.");
    else this.#ask();
  }

  #say(text: string): void {
    fill(this.#body, el("p", { class: "hint", text }));
  }

  #fill(found: Anomalies | null): void {
    if (!found) return this.#say("Run again to look for duplicates, outliers and doubtful labels.");
    const labels = this.#shown?.result?.items.labels ?? [];
    const labelOf = (index: number): string => this.items.label(index) ?? "";
    fill(
      this.#body,
      this.#list(
        "Near-duplicates",
        "duplicates",
        found.duplicates.map((group) => ({
          items: group.items,
          reason: duplicateWords(group),
          score: group.similarity.toFixed(3),
        })),
      ),
      this.#threshold.element,
      this.#list(
        "Outliers",
        "outliers",
        found.outliers.map((outlier) => ({
          items: [outlier.index],
          reason: outlierWords(outlier),
          score: outlier.score.toFixed(1),
        })),
      ),
      labels.length > 0 &&
        this.#list(
          "Doubtful labels",
          "doubtful",
          found.doubtful.map((doubtful) => ({
            items: [doubtful.index],
            reason: doubtfulWords(doubtful, labelOf(doubtful.index), labels[doubtful.label] ?? ""),
            score: `${Math.round(100 * doubtful.share)} %`,
          })),
        ),
    );
  }

  #list(title: string, id: keyof typeof SCORES, findings: readonly Finding[]): HTMLElement {
    const rows = el("ol", { class: "finding-rows", id: `findings-${id}` });
    const show = (from: number, to: number): void => {
      const rest = Math.min(MORE, findings.length - to);
      const more = linkButton(`Show ${number(rest)} more`, () => {
        more.parentElement?.remove();
        show(to, to + MORE);
      });
      rows.append(
        ...findings.slice(from, to).map((finding) => el("li", {}, this.#row(finding, SCORES[id]))),
        ...(rest > 0 ? [el("li", {}, more)] : []),
      );
    };
    show(0, FIRST);
    return el(
      "div",
      {},
      el("h3", { text: findings.length > 0 ? `${title} (${howMany(findings.length)})` : title }),
      findings.length > 0 ? rows : el("p", { class: "hint", text: "None." }),
    );
  }

  #row({ items, reason, score }: Finding, meaning: string): HTMLElement {
    const [first, second] = items as [number, number | undefined];
    const show = (): void => {
      if (second === undefined) this.actions.pick(first, { reveal: true });
      else if (items.length === 2) this.actions.pickPair(first, second);
      else this.actions.pickMany(items, false);
    };
    return findingRow(this.items, items, { text: score, title: meaning }, breakable(reason), show);
  }
}
