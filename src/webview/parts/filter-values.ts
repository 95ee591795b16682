import type { CategoryField } from "../../charts/fields";
import type { Filter } from "../../charts/filter";
import { el } from "../dom";
import { linkButton } from "../ui";
import { number } from "../words";

/** The values of a field with a box each, and how many items have it. */
export function filterValues(field: CategoryField, filter: Filter, apply: (filter: Filter) => void): HTMLElement {
  const hidden = new Set(filter.hide);
  const counts = new Map<number, number>();
  for (const code of field.code) counts.set(code, (counts.get(code) ?? 0) + 1);
  const row = (id: string, name: string, count: number, on: boolean, set: (on: boolean) => void): HTMLElement => {
    const box = el("input", { id: `filter-value-${id}`, attrs: { type: "checkbox" } });
    box.checked = on;
    box.addEventListener("change", () => set(box.checked));
    return el(
      "li",
      {},
      el(
        "label",
        { title: name },
        box,
        el("span", { class: "name", text: name }),
        el("span", { class: "count", text: number(count) }),
      ),
    );
  };
  const rows = field.values.map((value, at) =>
    row(String(at), value, counts.get(at) ?? 0, !hidden.has(value), (on) =>
      apply({ ...filter, hide: on ? [...hidden].filter((one) => one !== value) : [...hidden, value] }),
    ),
  );
  const none = counts.get(-1) ?? 0;
  const other = counts.get(-2) ?? 0;
  if (none > 0) {
    rows.push(row("none", field.none.name, none, !filter.hideNone, (on) => apply({ ...filter, hideNone: !on })));
  }
  if (other > 0) {
    rows.push(row("other", "(other)", other, !filter.hideOther, (on) => apply({ ...filter, hideOther: !on })));
  }
  const all = linkButton("All", () => apply({ field: field.id }));
  const nothing = linkButton("None", () =>
    apply({ field: field.id, hide: field.values, hideNone: none > 0, hideOther: other > 0 }),
  );
  all.id = "filter-all";
  nothing.id = "filter-none";
  return el(
    "div",
    {},
    el("div", { class: "filter-ends" }, all, nothing),
    el("ul", { class: "filter-values", id: "filter-values" }, ...rows),
  );
}
