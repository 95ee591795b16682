import type { Spec } from "vega";
import { defaultColorBy, heatmapData, mapData, type ColorBy } from "../charts/data";
import { heatmapSpec } from "../charts/heatmap";
import { mapSpec } from "../charts/map";
import { packValues, type PackedValues } from "../charts/payload";
import { heatmapPixels, heatmapRange } from "../charts/pixels";
import { shorten } from "../charts/text";
import { DARK_THEME, LIGHT_THEME, type ChartTheme } from "../charts/theme";
import type { RunResult, SimilarityMatrix } from "../protocol/result";
import type { PagePayload } from "./html";
import { itemLabel, itemPath } from "./items";
import { pngDataUrl } from "./png";

/** A chart that can be drawn in any theme. */
export interface Chart {
  kind: "map" | "similarity";
  width: number;
  height: number;
  /** A Vega spec for a browser, or for `exportSvg`, which has no images of its own. */
  spec(theme: ChartTheme, drawnBy: "browser" | "svg"): Spec;
  /** (n) which item of the result each drawn point, row or column is. */
  index: Int32Array;
  /** (n) what a drawn item says on hover. */
  tooltips: string[];
  /** The values of a heatmap. */
  values?: PackedValues;
}

/** What a page needs to draw a chart, in light and dark colours. */
export function pagePayload(chart: Chart, pictures?: (string | null)[]): PagePayload {
  return {
    kind: chart.kind,
    spec: chart.spec(LIGHT_THEME, "browser"),
    dark: { ...chart.spec(DARK_THEME, "browser"), data: undefined },
    tooltips: chart.tooltips,
    ...(chart.values ? { values: chart.values } : {}),
    ...(pictures ? { pictures } : {}),
  };
}

const MAP_SIZE = { width: 960, height: 680 };
const HEATMAP_SIZE = { width: 960, height: 820 };
const TOOLTIP_LENGTH = 400;

/**
 * The map of a result; a seeded sample of it when it is large.
 * @param texts of all items, null for pictures and ready vectors
 */
export function mapChart(
  result: RunResult,
  texts: readonly string[] | null,
  { title, colorBy = defaultColorBy(result) }: { title: string; colorBy?: ColorBy },
): Chart {
  const data = mapData(result, colorBy, { title });
  return {
    kind: "map",
    ...MAP_SIZE,
    spec: (theme) => mapSpec(data, { theme, ...MAP_SIZE, legend: true }),
    index: data.index,
    tooltips: Array.from(data.index, (i) => tooltip(result, texts, i)),
  };
}

/** The heatmap of a similarity matrix. */
export function heatmapChart(
  result: RunResult,
  matrix: SimilarityMatrix,
  texts: readonly string[] | null,
  { title }: { title: string },
): Chart {
  const n = matrix.index.length;
  const names = Array.from(matrix.index, (i) => texts?.[i] ?? fileName(itemPath(result.items, i)));
  const data = heatmapData(matrix, names, { title });
  const range = heatmapRange(data);
  const image = pngDataUrl(heatmapPixels(data, range), n, n);
  return {
    kind: "similarity",
    ...HEATMAP_SIZE,
    spec: (theme, drawnBy) => {
      const picture = drawnBy === "svg" ? { src: image, width: n, height: n } : image;
      return heatmapSpec(data, { theme, ...HEATMAP_SIZE, image: picture, range });
    },
    index: matrix.index,
    tooltips: Array.from(matrix.index, (i) => shorten(texts?.[i] ?? itemPath(result.items, i), TOOLTIP_LENGTH)),
    values: packValues(matrix.values, n),
  };
}

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The text of an item, its label and where it stands, a line each. */
function tooltip({ items }: RunResult, texts: readonly string[] | null, index: number): string {
  const text = texts?.[index];
  const label = itemLabel(items, index);
  const path = itemPath(items, index);
  const place = items.placeKind === "none" ? path : `${path}, ${items.placeKind} ${items.place[index]!}`;
  return [text === undefined ? null : shorten(text, TOOLTIP_LENGTH), label, place]
    .filter((line) => line !== null)
    .join("\n");
}
