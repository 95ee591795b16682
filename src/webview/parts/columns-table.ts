import type { TablePreview } from "../../protocol/table";
import { el } from "../dom";
import { ROLES, type Role } from "../edits";
import { number } from "../words";

const MOST_COLUMNS = 12;

export const ROLE_NAMES: Record<Role, string> = {
  text: "Text",
  label: "Label",
  image: "Picture",
  vector: "Vectors",
  id: "Id",
};

/** The first rows of a dataset; the columns in use say what they are. */
export function columnsTable({ columns, used, rows }: TablePreview, caption: string): HTMLElement {
  const shown = columnsToShow(columns.length, used);
  const head = shown.map((i) => {
    const roles = rolesOf(i, used);
    const { name, kind } = columns[i]!;
    return el(
      "th",
      { title: name, attrs: { scope: "col", ...(roles[0] && { "data-role": roles[0] }) } },
      el("span", { class: "column-name", text: name }),
      el("span", { class: "column-kind", text: kind === "text" ? "" : kind }),
      roles.length > 0 && " ",
      roles.length > 0 && el("span", { class: "column-role", text: roles.join(", ") }),
    );
  });
  const body = rows.map((row) =>
    el(
      "tr",
      {},
      ...shown.map((i) => {
        const text = row[i] ?? "";
        const [role] = rolesOf(i, used);
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

/** What a column is used for: "text", "label", "x" … */
function rolesOf(column: number, used: TablePreview["used"]): string[] {
  const named = ROLES.filter((role) => used[role] === column).map((role) => ROLE_NAMES[role].toLowerCase());
  const at = used.map.indexOf(column);
  if (at < 0) return named;
  return [...named, used.map.length === 1 ? "coordinates" : ["x", "y", "z"][at]!];
}

/** The first columns, and those in use wherever they are, in the order of the file. */
function columnsToShow(count: number, used: TablePreview["used"]): number[] {
  const wanted = new Set([...ROLES.map((role) => used[role]), ...used.map].filter((i) => i !== null));
  for (let i = 0; i < count && wanted.size < MOST_COLUMNS; i++) wanted.add(i);
  return [...wanted].sort((a, b) => a - b);
}
