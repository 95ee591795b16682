import type { Mark } from "vega";
import type { MapData } from "./data";
import { digits, place } from "./place";
import type { ChartTheme } from "./theme";

/** Each line with its ends and a weight of 0 (the weakest) to 1. */
export function tieValues(data: MapData): { x: number; y: number; x2: number; y2: number; w: number }[] {
  const { source, target, weight } = data.ties!;
  const low = weight.reduce((a, b) => Math.min(a, b), Infinity);
  const span = weight.reduce((a, b) => Math.max(a, b), -Infinity) - low;
  return Array.from(source, (from, at) => {
    const a = place(data, from);
    const b = place(data, target[at]!);
    return { x: a.x, y: a.y, x2: b.x, y2: b.y, w: span > 0 ? digits((weight[at]! - low) / span) : 1 };
  });
}

/** The lines of a network, the stronger the wider. */
export function tieMark(theme: ChartTheme): Mark {
  return {
    type: "rule",
    name: "tieMarks",
    from: { data: "ties" },
    clip: true,
    interactive: false,
    encode: {
      enter: { stroke: { value: theme.muted }, strokeWidth: { signal: "0.6 + 1.4 * datum.w" } },
      update: {
        x: { scale: "x", field: "x" },
        y: { scale: "y", field: "y" },
        x2: { scale: "x", field: "x2" },
        y2: { scale: "y", field: "y2" },
        opacity: { signal: "(0.2 + 0.6 * datum.w) * (focus === -1 ? 1 : 0.3)" },
      },
    },
  };
}
