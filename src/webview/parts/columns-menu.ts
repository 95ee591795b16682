import type { TablePreview } from "../../protocol/table";
import { el, fill, setText } from "../dom";
import { columnsAreGuessed, withColumn, withGuessedColumns, withHeader } from "../edits";
import type { Shown } from "../state";
import { Check, Select, button, linkButton, type Choice } from "../ui";
import type { Actions } from "./actions";
import { columnsTable } from "./columns-table";
import { Popover } from "./popover";

const NONE = "none";

/** Which columns of a dataset are the texts and the labels: the guess, and what a person says instead. */
export class ColumnsMenu {
  readonly element: HTMLElement;
  readonly #popover: Popover;
  readonly #text: Select;
  readonly #label: Select;
  readonly #header: Check;
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
    this.#text = new Select("Text", "columns-text", (value) => this.#choose("text", value));
    this.#label = new Select("Label", "columns-label", (value) => this.#choose("label", value));
    this.#header = new Check("The first row names the columns", "columns-header", (header) => {
      const { used } = this.#preview ?? {};
      if (used) actions.change((recipe) => withHeader(recipe, header, used));
    });
    this.#guess = linkButton("Guess again", () => {
      actions.change(withGuessedColumns);
      // The link is gone with what it undid: the focus stays in the popover.
      this.#text.focus();
    });
    this.#guess.id = "columns-guess";
    fill(this.#note, this.#words, " ", this.#guess);
    const trigger = button("Columns", () => undefined, { trailing: "chevronDown" });
    trigger.id = "columns";
    this.#popover = new Popover(
      trigger,
      [this.#text.element, this.#label.element, this.#header.element, this.#note, this.#problem, this.#table],
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
    this.#guess.hidden = !recipe || columnsAreGuessed(recipe);
    if (!preview || !recipe) {
      setText(this.#words, "");
      return fill(this.#table);
    }
    const { text, label } = preview.used;
    const choices = preview.columns.map(({ name, kind }, i): Choice => ({
      value: String(i),
      label: name,
      disabled: kind === "vector",
    }));
    const none = { value: NONE, label: "None" };
    // A text is only missing where ready vectors stand for it, or where nothing looks like one.
    this.#text.set(text === null ? [none, ...choices] : choices, text === null ? NONE : String(text));
    this.#label.set([none, ...choices], label === null ? NONE : String(label));
    this.#header.set(preview.header);
    setText(this.#words, wordsOf(recipe));
    const { paths } = recipe.source;
    const start = `The start of ${preview.path}`;
    fill(this.#table, columnsTable(preview, paths.length > 1 ? `${start}, the first of ${paths.length} files` : start));
  }

  #choose(role: "text" | "label", value: string): void {
    const preview = this.#preview;
    if (!preview) return;
    const column = value === NONE ? null : Number(value);
    this.actions.change((recipe) => withColumn(recipe, preview, role, column));
  }
}

function wordsOf({ source: { columns } }: Shown["draft"]): string {
  const guessed = (["text", "label"] as const).filter((role) => columns?.[role] === undefined);
  return guessed.length === 0 ? "Chosen by you." : `Guessed from the first rows: ${guessed.join(" and ")}.`;
}
