import { isColorBy, type ColorBy } from "../charts/coloring";
import { fieldOf } from "../charts/fields";
import type { HeatmapOrder } from "../charts/order";
import type { Turn } from "../charts/turn";
import { heatmapChart, mapChart, pageCaption, pagePayload } from "../export/chart";
import { exportHtml } from "../export/html";
import { PAGE_LIMIT } from "../protocol/constants";
import type { RunResult, SimilarityMatrix } from "../protocol/result";

export interface PageContent {
  title: string;
  result: RunResult;
  /** The id of the field that the colours of a map stand for. */
  colorBy?: string | undefined;
  /** Of a map of three dimensions; absent: as it is seen at first. */
  turn?: Turn | undefined;
  /** Of all items; null for pictures. */
  texts: string[] | null;
  /** With it the page shows the heatmap, without it the map. */
  matrix: SimilarityMatrix | null;
  /** The order that the items of the matrix stand in. */
  order: HeatmapOrder;
  /** (count) 0 for the items that a filter has left out of the matrix. */
  kept?: Uint8Array | undefined;
  /** A small picture of an item as a data URL, null when there is none. */
  thumbnail: (index: number) => Promise<string | null>;
  /** The text of dist/chart.js. */
  chartScript: string;
}

/** More would make a page of many megabytes. */
const MOST_PICTURES = 1_000;

/** What the page of the panel asks for, as far as the result has it. */
function chosenColors(result: RunResult, colorBy: string | undefined): { colorBy?: ColorBy } {
  const known = isColorBy(colorBy) && (colorBy === "none" || fieldOf(result, colorBy) !== null);
  return known ? { colorBy } : {};
}

/** The chart as one page that needs nothing else and reaches nothing, in light and dark colours. */
export async function savedPage({
  title,
  result,
  colorBy,
  turn,
  texts,
  matrix,
  order,
  kept,
  thumbnail,
  chartScript,
}: PageContent): Promise<string> {
  const chart = matrix
    ? heatmapChart(result, matrix, texts, { title, order, kept })
    : mapChart(result, texts, { title, limit: PAGE_LIMIT, turn, ...chosenColors(result, colorBy) });
  const pictures: (string | null)[] = [];
  if (result.items.kind === "image") {
    for (const index of chart.index.subarray(0, MOST_PICTURES)) pictures.push(await thumbnail(index));
  }
  return exportHtml(pagePayload(chart, pictures.length > 0 ? pictures : undefined), {
    title,
    caption: pageCaption(result, chart),
    recipe: result.recipe,
    chartScript,
  });
}
