import type { Mark, Scale, Signal } from "vega";
import type { Groups } from "./groups";
import { categoryStyles } from "./map";
import { shorten, textWidth } from "./text";
import type { ChartTheme } from "./theme";

/** Pixels of a band of groups and between it and the cells. */
const BAND = 6;
const GAP = 3;
/** Groups that are on average narrower than this many pixels have no lines between them: these would hide the cells. */
const APART = 10;
/** Pixels of a name that are worth reading. */
const SHORTEST = 26;

/** Pixels that bands and names of groups take, left of the cells and above them. */
export const groupRoom = ({ fontSize }: ChartTheme): number => GAP + BAND + 3 + fontSize;

/** A group as it stands in the data of the spec. */
export const groupValues = ({ runs }: Groups, { fontSize }: ChartTheme): object[] =>
  runs.map(({ name, from, to, category }) => {
    const text = shorten(name, 60);
    return { name: text, from, to, c: category, w: Math.ceil(textWidth(text, fontSize - 1)) };
  });

export const groupScale = ({ categories }: Groups, theme: ChartTheme): Scale => ({
  name: "group",
  type: "ordinal",
  domain: categories.map((_, i) => i),
  range: categoryStyles(categories, theme).map(({ color }) => color),
});

/** @param n rows */
export const groupSignal = ({ runs }: Groups, n: number): Signal => ({
  name: "apart",
  update: `cell * ${n / Math.max(1, runs.length)} >= ${APART}`,
});

/** The groups of rows and columns: a coloured band and a name beside each, and thin lines between them. */
export function groupMarks(theme: ChartTheme): Mark[] {
  return (["y", "x"] as const).flatMap((scale): Mark[] => [lines(scale), bands(scale), names(scale, theme)]);
}

type Side = "x" | "y";

/** Where a group begins and ends on the picture. */
function ends(scale: Side): [from: string, to: string] {
  const along = scale === "y" ? "height" : "width";
  return [`clamp(scale('${scale}', datum.from), 0, ${along})`, `clamp(scale('${scale}', datum.to), 0, ${along})`];
}

/** White, unlike the lines around what is selected. */
function lines(scale: Side): Mark {
  const [across, length] = scale === "y" ? ["x", "width"] : ["y", "height"];
  return {
    type: "rule",
    name: scale === "y" ? "groupRowLines" : "groupColumnLines",
    from: { data: "groups" },
    clip: true,
    interactive: false,
    encode: {
      enter: { stroke: { value: "#ffffff" }, strokeWidth: { value: 1 } },
      update: {
        [across]: { value: 0 },
        [`${across}2`]: { signal: length },
        [scale]: { scale, field: "from" },
        strokeOpacity: { signal: "apart && datum.from > 0 ? 1 : 0" },
      },
    },
  };
}

function bands(scale: Side): Mark {
  const across = scale === "y" ? "x" : "y";
  const [from, to] = ends(scale);
  return {
    type: "rect",
    name: scale === "y" ? "groupRows" : "groupColumns",
    from: { data: "groups" },
    interactive: false,
    encode: {
      enter: { fill: { scale: "group", field: "c" } },
      update: {
        [across]: { value: -GAP - BAND },
        [`${across}2`]: { value: -GAP },
        [scale]: { signal: `${from} + (apart ? 0.5 : 0)` },
        [`${scale}2`]: { signal: `max(${to} - (apart ? 0.5 : 0), ${from})` },
      },
    },
  };
}

/** In the middle of what is seen of the group, cut where it would be longer, left out where little of it would be read. */
function names(scale: Side, theme: ChartTheme): Mark {
  const across = scale === "y" ? "x" : "y";
  const [from, to] = ends(scale);
  const room = `(${to} - ${from} - 4)`;
  return {
    type: "text",
    name: scale === "y" ? "groupRowNames" : "groupColumnNames",
    from: { data: "groups" },
    interactive: false,
    encode: {
      enter: {
        fill: { value: theme.foreground },
        font: { value: theme.font },
        fontSize: { value: theme.fontSize - 1 },
        align: { value: "center" },
        baseline: { value: "bottom" },
        ...(scale === "y" && { angle: { value: -90 } }),
      },
      update: {
        [across]: { value: -GAP - BAND - 2 },
        [scale]: { signal: `(${from} + ${to}) / 2` },
        text: { signal: `${room} >= min(datum.w, ${SHORTEST}) ? datum.name : ''` },
        limit: { signal: `${room} >= datum.w ? 0 : max(1, ${room})` },
      },
    },
  };
}
