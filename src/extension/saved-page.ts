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
  /** The text of dist/chart.js. */
  chartScript: string;
}

/** The chart as one page that needs nothing else and reaches nothing, in light and dark colours. */
export function savedPage({ title, result, texts, matrix, chartScript }: PageContent): string {
  const chart = matrix
    ? heatmapChart(result, matrix, texts, { title })
    : mapChart(result, texts, { title, limit: PAGE_LIMIT });
  return exportHtml(pagePayload(chart), {
    title,
    caption: caption(result, chart.index.length),
    recipe: result.recipe,
    chartScript,
  });
}
