import { caption } from "../charts/caption";
import { DARK_THEME, LIGHT_THEME } from "../charts/theme";
import { heatmapChart, mapChart } from "../export/chart";
import { exportHtml } from "../export/html";
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
  const chart = matrix ? heatmapChart(result, matrix, texts, { title }) : mapChart(result, texts, { title });
  const payload = {
    kind: chart.kind,
    spec: chart.spec(LIGHT_THEME, "browser"),
    dark: { ...chart.spec(DARK_THEME, "browser"), data: undefined },
    tooltips: chart.tooltips,
    ...(chart.values ? { values: chart.values } : {}),
  };
  return exportHtml(payload, {
    title,
    caption: caption(result, chart.index.length),
    recipe: result.recipe,
    chartScript,
  });
}
