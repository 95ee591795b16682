import type { Field } from "../charts/fields";
import type { Filter } from "../charts/filter";
import { nameOf } from "../charts/scale";
import { number } from "./words";

/** "category: 3 values left out", "price: from 2 to 10", "created: until 2024-05-01" */
export function filterWords(field: Field, { hide = [], hideNone, hideOther, from, to }: Filter): string {
  if (field.kind === "number") {
    const [low, high] = [from ?? null, to ?? null].map((end) => (end === null ? null : nameOf(field.scale, end)));
    if (low !== null && high !== null) return `${field.title}: from ${low} to ${high}`;
    return low !== null
      ? `${field.title}: from ${low}`
      : `${field.title}: ${high === null ? "not empty" : `up to ${high}`}`;
  }
  const names = [...hide, ...(hideNone ? [field.none.name] : []), ...(hideOther ? ["(other)"] : [])];
  const without = names.length <= 2 ? names.join(", ") : `${number(names.length)} values`;
  return `${field.title}: without ${without}`;
}
