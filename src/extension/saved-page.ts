import { caption } from "../charts/caption";
import { heatmapChart, mapChart, pagePayload } from "../export/chart";
import { exportHtml } from "../export/html";
import { PAGE_LIMIT } from "../protocol/constants";
import type { RunResult, SimilarityMatrix } from "../protocol/result";

export interface PageContent {
  title: string;
  result: RunResult;
  /** Of all items; null for pictures. */
  texts: string[] | null;
  /** With it the page shows the heatmap, without it the map. */
  matrix: SimilarityMatrix | null;
  /** A small picture of an item as a data URL, null when there is none. */
  thumbnail: (index: number) => Promise<string | null>;
  /** The text of dist/chart.js. */
  chartScript: string;
}

/** More would make a page of many megabytes. */
const MOST_PICTURES = 1_000;

/** The chart as one page that needs nothing else and reaches nothing, in light and dark colours. */
export async function savedPage({
  title,
  result,
  texts,
  matrix,
  thumbnail,
  chartScript,
}: PageContent): Promise<string> {
  const chart = matrix
    ? heatmapChart(result, matrix, texts, { title })
    : mapChart(result, texts, { title, limit: PAGE_LIMIT });
  const pictures: (string | null)[] = [];
  if (result.items.kind === "image") {
    for (const index of chart.index.subarray(0, MOST_PICTURES)) pictures.push(await thumbnail(index));
  }
  return exportHtml(pagePayload(chart, pictures.length > 0 ? pictures : undefined), {
    title,
    caption: caption(result, chart.index.length),
    recipe: result.recipe,
    chartScript,
  });
}
