import type { Recipe } from "../../src/protocol/recipe";
import { NO_ROLES, type TablePreview } from "../../src/protocol/table";

const COLUMNS: TablePreview["columns"] = [
  { name: "id", kind: "number" },
  { name: "question", kind: "text" },
  { name: "category", kind: "text" },
  { name: "owner <b>of it</b>", kind: "text" },
  { name: "embedding", kind: "vector" },
  { name: "east", kind: "number" },
  { name: "north", kind: "number" },
];
const ROWS = [
  ["1", "Lost card, please help", "card", "anna", "[0.1, …]", "7.5", "52.1"],
  ["2", "<img src=x onerror=alert(1)> My card does not work", "card", "bert", "[0.1, …]", "7.5", "52.1"],
  [
    "3",
    "Where is my parcel? It was sent on Monday and should have been here on Wednesday",
    "delivery",
    "anna",
    "[0.1, …]",
    "7.5",
    "52.1",
  ],
  ["4", "Change my address", "account", "bert", "[0.1, …]", "7.5", "52.1"],
  ["5", "Close my account", "account", "carl", "[0.1, …]", "7.5", "52.1"],
];

/** What the engine says about the columns of a small dataset under this recipe. */
export function tableOf({ source }: Recipe): TablePreview {
  const header = source.header ?? true;
  const columns = header ? COLUMNS : COLUMNS.map(({ kind }, i) => ({ name: `column ${i + 1}`, kind }));
  const at = (column: string | number | null | undefined, guess: number | null): number | null => {
    if (typeof column === "number") return column - 1;
    if (column === null || column === undefined) return column === null ? null : guess;
    const named = columns.findIndex(({ name }) => name === column);
    return named === -1 ? guess : named;
  };
  return {
    path: source.paths[0]!,
    columns,
    header,
    headerOpen: true,
    used: {
      ...NO_ROLES,
      text: source.columns?.text === "gone" ? null : at(source.columns?.text, 1),
      label: at(source.columns?.label, 2),
      image: at(source.columns?.image, null),
      vector: at(source.columns?.vector, null),
      id: at(source.columns?.id, null),
      map: (source.columns?.map ?? []).map((column) => at(column, null)!),
    },
    items: "text",
    problem: source.columns?.text === "gone" ? "mail.csv has no column “gone”." : null,
    rows: header ? ROWS : [COLUMNS.map(({ name }) => name), ...ROWS].slice(0, 5),
  };
}
