import type { Mark } from "vega";
import type { MapData } from "./data";
import { digits, place } from "./place";
import type { ChartTheme } from "./theme";

/** Lines between points, by their positions in the columns. */
export interface Ties {
  source: Int32Array;
  target: Int32Array;
  /** Similarities. */
  weight: Float32Array;
}

/** A line as it is seen from one of its ends. */
export interface Tie {
  /** Its place among the ties. */
  tie: number;
  other: number;
  weight: number;
}

/** The lines that end at a point, the strongest first. */
export function tiesOf({ source, target, weight }: Ties, at: number): Tie[] {
  const found: Tie[] = [];
  for (let tie = 0; tie < source.length; tie++) {
    if (source[tie] === at) found.push({ tie, other: target[tie]!, weight: weight[tie]! });
    else if (target[tie] === at) found.push({ tie, other: source[tie]!, weight: weight[tie]! });
  }
  return found.sort((a, b) => b.weight - a.weight);
}

/** How strong each line is, from 0 (the weakest of all) to 1. */
export function tieShares(weight: Float32Array): Float32Array {
  const low = weight.reduce((a, b) => Math.min(a, b), Infinity);
  const span = weight.reduce((a, b) => Math.max(a, b), -Infinity) - low;
  return weight.map((value) => (span > 0 ? (value - low) / span : 1));
}

/** Each line with its ends and a weight of 0 (the weakest) to 1. */
export function tieValues(data: MapData): { x: number; y: number; x2: number; y2: number; w: number }[] {
  const { source, target, weight } = data.ties!;
  const shares = tieShares(weight);
  return Array.from(source, (from, at) => {
    const a = place(data, from);
    const b = place(data, target[at]!);
    return { x: a.x, y: a.y, x2: b.x, y2: b.y, w: digits(shares[at]!) };
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
