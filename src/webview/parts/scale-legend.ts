import type { Category } from "../../charts/coloring";
import type { CategoryStyle } from "../../charts/palette";
import type { Tick } from "../../charts/scale";
import { el } from "../dom";
import { number } from "../words";

/** Names from this many letters on leave no room for the one in the middle: dates with their day. */
const LONG = 10;

const inRoom = (ticks: readonly Tick[]): readonly Tick[] =>
  ticks.some(({ label }) => label.length >= LONG)
    ? ticks.filter((_, at) => at === 0 || at === ticks.length - 1)
    : ticks;

/** A scale as a bar of its colours, over it how many items each part has, under it the names of its places. */
export function scaleLegend(
  categories: readonly Category[],
  styles: readonly CategoryStyle[],
  ticks: readonly Tick[],
): HTMLElement {
  const steps = categories.flatMap((one, at) => (one.kind === "step" ? [{ ...one, color: styles[at]!.color }] : []));
  const most = Math.max(1, ...steps.map(({ count }) => count));
  const bars = steps.map(({ name, count, color }) => {
    const bar = el("div", { class: "scale-count", title: `${name}: ${number(count)}` }, el("div"));
    const inner = bar.firstElementChild as HTMLElement;
    // A part with any item is seen.
    inner.style.height = `${count === 0 ? 0 : Math.max(4, Math.round((100 * count) / most))}%`;
    inner.style.background = color;
    return bar;
  });
  const bar = el("div", { class: "scale-bar" });
  bar.style.background = `linear-gradient(to right, ${steps.map(({ color }) => color).join(", ")})`;
  return el(
    "div",
    { class: "scale" },
    el("div", { class: "scale-counts" }, ...bars),
    bar,
    el("div", { class: "scale-ends" }, ...inRoom(ticks).map(({ label }) => el("span", { text: label }))),
  );
}
