import type { TablePreview } from "../../protocol/table";
import { el } from "../dom";
import { number } from "../words";

const MOST_COLUMNS = 12;

/** The first rows of a dataset; the columns in use say what they are. */
export function columnsTable({ columns, used, rows }: TablePreview, caption: string): HTMLElement {
  const roleOf = (i: number): "text" | "label" | null => (i === used.text ? "text" : i === used.label ? "label" : null);
  const shown = columnsToShow(columns.length, used);
  const head = shown.map((i) => {
    const role = roleOf(i);
    const { name, kind } = columns[i]!;
    return el(
      "th",
      { title: name, attrs: { scope: "col", ...(role && { "data-role": role }) } },
      el("span", { class: "column-name", text: name }),
      el("span", { class: "column-kind", text: kind === "text" ? "" : kind }),
      role && " ",
      role && el("span", { class: "column-role", text: i === used.text && i === used.label ? "text, label" : role }),
    );
  });
  const body = rows.map((row) =>
    el(
      "tr",
      {},
      ...shown.map((i) => {
        const text = row[i] ?? "";
        const role = roleOf(i);
        return el("td", { text, title: text, attrs: role ? { "data-role": role } : {} });
      }),
    ),
  );
  const more = columns.length - shown.length;
  return el(
    "div",
    {},
    el("div", { class: "columns-caption", text: caption }),
    el(
      "div",
      { class: "columns-scroll", role: "region", attrs: { tabindex: "0", "aria-label": caption } },
      el("table", { id: "columns-table" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body)),
    ),
    more > 0 && el("div", { class: "columns-caption", text: `and ${number(more)} more columns` }),
  );
}

/** The first columns, and those in use wherever they are, in the order of the file. */
function columnsToShow(count: number, { text, label }: TablePreview["used"]): number[] {
  const wanted = new Set([text, label].filter((i) => i !== null));
  for (let i = 0; i < count && wanted.size < MOST_COLUMNS; i++) wanted.add(i);
  return [...wanted].sort((a, b) => a - b);
}
