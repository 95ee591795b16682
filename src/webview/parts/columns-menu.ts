import { TABLE_SAMPLE } from "../../protocol/constants";
import type { TablePreview } from "../../protocol/table";
import { el, fill, setText } from "../dom";
import {
  columnsAreGuessed,
  ROLES,
  SAMPLE_RANGE,
  withColumn,
  withCoordinates,
  withGuessedColumns,
  withHeader,
  withPart,
  withSample,
  withShares,
  type Role,
} from "../edits";
import type { Shown } from "../state";
import { Check, Select, button, linkButton, type Choice } from "../ui";
import { number } from "../words";
import type { Actions } from "./actions";
import { columnsTable, ROLE_NAMES } from "./columns-table";
import { CoordinateColumns } from "./coordinate-columns";
import { NumberControl } from "./number-control";
import { Popover } from "./popover";

const NONE = "none";

/** Which columns of a dataset are its texts, labels, pictures, vectors, ids and coordinates: the guess, and what a person says instead. */
export class ColumnsMenu {
  readonly element: HTMLElement;
  readonly #popover: Popover;
  readonly #part: Select;
  readonly #roles: Record<Role, Select>;
  readonly #coordinates: CoordinateColumns;
  readonly #header: Check;
  readonly #sample: NumberControl;
  readonly #total = el("span", { class: "columns-caption" });
  readonly #shares: Check;
  readonly #guess: HTMLElement;
  readonly #words = el("span", { id: "columns-words" });
  readonly #note = el("p", { class: "columns-note", attrs: { role: "status" } });
  readonly #problem = el("p", { class: "columns-problem", hidden: true, attrs: { role: "alert" } });
  readonly #table = el("div", { class: "columns-preview" });
  #shown: Shown | null = null;
  #preview: TablePreview | null = null;
  /** The source that the preview is of, null when it has to be asked for again. */
  #of: string | null = null;

  constructor(private readonly actions: Actions) {
    this.#part = new Select("Table", "columns-part", (part) => actions.change((recipe) => withPart(recipe, part)));
    this.#part.element.hidden = true;
    const select = (role: Role): Select =>
      new Select(ROLE_NAMES[role], `columns-${role}`, (value) => this.#choose(role, value));
    this.#roles = {
      text: select("text"),
      label: select("label"),
      image: select("image"),
      vector: select("vector"),
      id: select("id"),
    };
    this.#coordinates = new CoordinateColumns((columns) => {
      const preview = this.#preview;
      if (preview) actions.change((recipe) => withCoordinates(recipe, preview, columns));
    });
    this.#header = new Check("The first row names the columns", "columns-header", (header) => {
      const { used } = this.#preview ?? {};
      if (used) actions.change((recipe) => withHeader(recipe, header, used));
    });
    this.#sample = new NumberControl(
      "At most",
      "columns-sample",
      (sample) => actions.change((recipe) => withSample(recipe, sample)),
      { slider: false },
    );
    this.#shares = new Check("The sample keeps the shares of the labels", "columns-shares", (keep) =>
      actions.change((recipe) => withShares(recipe, keep)),
    );
    this.#guess = linkButton("Guess again", () => {
      actions.change(withGuessedColumns);
      // The link is gone with what it undid: the focus stays in the popover.
      this.#roles.text.focus();
    });
    this.#guess.id = "columns-guess";
    fill(this.#note, this.#words, " ", this.#guess);
    const trigger = button("Columns", () => undefined, { trailing: "chevronDown" });
    trigger.id = "columns";
    this.#popover = new Popover(
      trigger,
      [
        this.#part.element,
        el("div", { class: "columns-roles" }, ...ROLES.map((role) => this.#roles[role].element)),
        this.#coordinates.element,
        this.#header.element,
        el("div", { class: "columns-sample" }, this.#sample.element, this.#total),
        this.#shares.element,
        this.#note,
        this.#problem,
        this.#table,
      ],
      { role: "dialog", label: "Columns of the dataset", className: "columns" },
    );
    trigger.addEventListener("click", () => this.#follow());
    this.element = this.#popover.element;
  }

  update(shown: Shown): void {
    this.#shown = shown;
    const { kind } = shown.draft.source;
    this.element.hidden = kind !== "rows" && kind !== "vectors";
    if (this.element.hidden) this.#popover.close();
    this.#follow();
  }

  /** Asks for the columns while they are looked at and not known. */
  #follow(): void {
    const shown = this.#shown;
    if (!shown || !this.#popover.open) return;
    const of = JSON.stringify([shown.draft.source, shown.result?.fingerprint]);
    if (of === this.#of) return;
    this.#of = of;
    if (!this.#preview) setText(this.#words, "Reading the start of the file");
    this.#ask(of).catch((error: unknown) => {
      if (of !== this.#of) return;
      this.#of = null;
      this.#preview = null;
      this.#draw(error instanceof Error ? error.message : String(error));
    });
  }

  async #ask(of: string): Promise<void> {
    // A change of the recipe is on its way to the host first, so that the answer is about it.
    await Promise.resolve();
    const preview = await this.actions.columns();
    if (of !== this.#of) return;
    this.#preview = preview;
    this.#draw(preview.problem);
  }

  #draw(problem: string | null): void {
    const preview = this.#preview;
    const recipe = this.#shown?.draft;
    this.#problem.hidden = problem === null;
    setText(this.#problem, problem ?? "");
    this.#header.element.hidden = !preview?.headerOpen;
    this.#drawPart(preview?.tables);
    this.#guess.hidden = !recipe || columnsAreGuessed(recipe);
    if (recipe) this.#drawSample(recipe);
    if (!preview || !recipe) {
      setText(this.#words, "");
      return fill(this.#table);
    }
    const { used } = preview;
    for (const role of ROLES) {
      const at = used[role];
      const choices = preview.columns.map(({ name, kind }, i): Choice => {
        // A list may be a vector that is written as a text.
        const fits = role === "vector" ? kind !== "boolean" && kind !== "date" && kind !== "number" : kind !== "vector";
        return { value: String(i), label: name, disabled: !fits && i !== at };
      });
      // A text is only missing where ready vectors stand for it, or where nothing looks like one.
      const none = role !== "text" || at === null ? [{ value: NONE, label: "None" }] : [];
      this.#roles[role].set([...none, ...choices], at === null ? NONE : String(at));
    }
    this.#coordinates.set(preview);
    this.#header.set(preview.header);
    setText(this.#words, wordsOf(recipe, preview));
    const { paths } = recipe.source;
    const start = `The start of ${preview.path}`;
    fill(this.#table, columnsTable(preview, paths.length > 1 ? `${start}, the first of ${paths.length} files` : start));
  }

  #drawPart(tables: TablePreview["tables"]): void {
    this.#part.element.hidden = !tables;
    if (!tables) return;
    const { names, chosen } = tables;
    // A hidden sheet that was named is none of those that are offered.
    const all = names.includes(chosen) ? names : [chosen, ...names];
    this.#part.set(
      all.map((name) => ({ value: name, label: name })),
      chosen,
    );
  }

  #drawSample({ source }: Shown["draft"]): void {
    const total = this.#shown?.result?.total;
    this.#sample.set(source.sample ?? TABLE_SAMPLE, SAMPLE_RANGE);
    setText(this.#total, total === undefined ? "rows" : `of ${number(total)} rows`);
    this.#shares.set(source.stratify === true);
    this.#shares.element.hidden = this.#preview?.used.label === null && source.stratify !== true;
  }

  #choose(role: Role, value: string): void {
    const preview = this.#preview;
    if (!preview) return;
    const column = value === NONE ? null : Number(value);
    this.actions.change((recipe) => withColumn(recipe, preview, role, column));
  }
}

function wordsOf({ source: { columns } }: Shown["draft"], { used }: TablePreview): string {
  const wanted = ROLES.filter((role) => role === "text" || role === "label" || used[role] !== null);
  const guessed: string[] = wanted.filter((role) => columns?.[role] === undefined).map((role) => ROLE_NAMES[role]);
  if (used.map.length > 0 && columns?.map === undefined) guessed.push("Coordinates");
  if (guessed.length === 0) return "Chosen by you.";
  const names = guessed.map((name) => name.toLowerCase());
  const last = names.pop()!;
  return `Guessed from the first rows: ${names.length > 0 ? `${names.join(", ")} and ${last}` : last}.`;
}
