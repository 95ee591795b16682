import type { Spec } from "vega";
import { caption } from "../charts/caption";
import { defaultColorBy, heatmapData, mapData, type ColorBy, type MapData } from "../charts/data";
import { fieldOf, fieldWords, type Field } from "../charts/fields";
import { groupAt, heatmapGroups } from "../charts/groups";
import { heatmapSpec } from "../charts/heatmap";
import { pointLook, pointPicture } from "../charts/layer";
import { mapLayout, mapSpec } from "../charts/map";
import type { HeatmapOrder } from "../charts/order";
import { packPoints, packValues, type PackedPoints, type PackedValues } from "../charts/payload";
import { heatmapPixels, heatmapRange } from "../charts/pixels";
import { shorten } from "../charts/text";
import { DARK_THEME, LIGHT_THEME, type ChartTheme } from "../charts/theme";
import { FIRST_TURN, turned, wholeViewport, type Turn } from "../charts/turn";
import { fitViewport } from "../charts/viewport";
import { MARKS_LIMIT } from "../protocol/constants";
import type { RunResult, SimilarityMatrix } from "../protocol/result";
import type { PagePayload } from "./html";
import { itemLabel, itemPath } from "./items";
import { pngDataUrl } from "./png";

/** The line under the chart of a page. */
export function pageCaption(result: RunResult, { kind, index }: Chart): string {
  const words = caption(result, index.length);
  return kind === "map" && result.z ? `${words} · drag to turn the map` : words;
}

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
  /** The points of a crowded map, which a page draws on a layer of its own. */
  layer?: PackedPoints;
}

/** What a page needs to draw a chart, in light and dark colours. */
export function pagePayload(chart: Chart, pictures?: (string | null)[]): PagePayload {
  return {
    kind: chart.kind,
    spec: chart.spec(LIGHT_THEME, "browser"),
    dark: { ...chart.spec(DARK_THEME, "browser"), data: undefined },
    tooltips: chart.tooltips,
    ...(chart.values ? { values: chart.values } : {}),
    ...(chart.layer ? { layer: chart.layer } : {}),
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
  {
    title,
    colorBy = defaultColorBy(result),
    limit,
    turn,
  }: { title: string; colorBy?: ColorBy; limit?: number; turn?: Turn | undefined },
): Chart {
  const data = mapData(result, colorBy, { title, ...(limit !== undefined && { limit }) });
  // A map of three dimensions as it was turned; a page turns it on.
  const seen = turned(data, turn ?? FIRST_TURN);
  const field = colorBy.startsWith("meta:") ? fieldOf(result, colorBy) : null;
  const crowded = data.index.length > MARKS_LIMIT;
  const layered = crowded || data.z !== undefined;
  return {
    kind: "map",
    ...MAP_SIZE,
    spec: (theme, drawnBy) => {
      const options = { theme, ...MAP_SIZE, legend: true };
      if (drawnBy === "svg")
        return mapSpec(seen, { ...options, ...(crowded && { picture: crowdPicture(seen, theme) }) });
      const viewport = wholeViewport(data, mapLayout(seen, options));
      return mapSpec(seen, { ...options, viewport, points: !layered });
    },
    ...(layered && { layer: { ...packPoints(data), ...(turn && { turn }) } }),
    index: data.index,
    tooltips: Array.from(data.index, (i) => tooltip(result, texts, i, field)),
  };
}

/** The points of a crowded map as an image of an SVG, twice as fine as its plot. */
function crowdPicture(data: MapData, theme: ChartTheme): { src: string; width: number; height: number } {
  const { width, height } = mapLayout(data, { ...MAP_SIZE, theme, legend: true });
  const viewport = fitViewport(data.x, data.y, { width, height });
  const look = pointLook(data, { theme, focus: -1, viewport, whole: viewport });
  const picture = pointPicture(data, look, viewport, { width, height }, 2);
  return { src: pngDataUrl(picture.pixels, picture.width, picture.height), width, height };
}

/**
 * The heatmap of a similarity matrix.
 * @param options.order the one that the items of the matrix stand in
 * @param options.kept (count) 0 for the items that a filter has left out of it
 */
export function heatmapChart(
  result: RunResult,
  matrix: SimilarityMatrix,
  texts: readonly string[] | null,
  { title, order = "given", kept }: { title: string; order?: HeatmapOrder; kept?: Uint8Array | undefined },
): Chart {
  const n = matrix.index.length;
  const names = Array.from(matrix.index, (i) => texts?.[i] ?? fileName(itemPath(result.items, i)));
  const groups = heatmapGroups(result, matrix.index, order, kept);
  const data = heatmapData(matrix, names, { title, groups });
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
    tooltips: Array.from(matrix.index, (i, row) => {
      const text = shorten(texts?.[i] ?? itemPath(result.items, i), TOOLTIP_LENGTH);
      const label = itemLabel(result.items, i);
      const group = groups && groupAt(groups, row)!.name;
      return [text, label, group === label ? null : group].filter((line) => line !== null).join("\n");
    }),
    values: packValues(matrix.triangle),
  };
}

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The text of an item, its label, what its colour stands for and where it stands, a line each. */
function tooltip({ items }: RunResult, texts: readonly string[] | null, index: number, field: Field | null): string {
  const text = texts?.[index];
  const label = itemLabel(items, index);
  const path = itemPath(items, index);
  const place = items.placeKind === "none" ? path : `${path}, ${items.placeKind} ${items.place[index]!}`;
  const value = field && fieldWords(field, index);
  const colored = field && value !== null ? `${field.title}: ${value}` : null;
  return [text === undefined ? null : shorten(text, TOOLTIP_LENGTH), label, colored, place]
    .filter((line) => line !== null)
    .join("\n");
}
