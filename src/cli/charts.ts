import { heatmapChart, mapChart, type Chart } from "../export/chart";
import { exportHtml } from "../export/html";
import type { Content } from "../export";
import { caption } from "../charts/caption";
import { DARK_THEME, LIGHT_THEME } from "../charts/theme";
import { HEATMAP_LIMIT } from "../protocol/constants";
import type { RunCommand } from "./arguments";
import type { Findings } from "./findings";
import type { Io } from "./io";
import { titleOf } from "./summary";

/** The chart of a run as a page, an SVG or a PNG. */
export async function chartContent(
  command: Exclude<RunCommand, "embed">,
  format: "html" | "svg" | "png",
  findings: Findings,
  io: Io,
): Promise<Content> {
  const chart = await chartOf(command, findings);
  switch (format) {
    case "html":
      return exportHtml(
        {
          kind: chart.kind,
          spec: chart.spec(LIGHT_THEME, "browser"),
          dark: { ...chart.spec(DARK_THEME, "browser"), data: undefined },
          tooltips: chart.tooltips,
          ...(chart.values ? { values: chart.values } : {}),
        },
        {
          title: titleOf(command, findings.result),
          caption: caption(findings.result, chart.index.length),
          recipe: findings.result.recipe,
          chartScript: await io.chartScript(),
        },
      );
    case "svg":
      return drawSvg(chart);
    case "png": {
      const { svgToPng } = await import("./png");
      return svgToPng(await drawSvg(chart), chart.width);
    }
  }
}

async function chartOf(command: Exclude<RunCommand, "embed">, findings: Findings): Promise<Chart> {
  const title = titleOf(command, findings.result);
  const texts = await findings.texts();
  return command === "map"
    ? mapChart(findings.result, texts, { title })
    : heatmapChart(findings.result, await findings.matrix(HEATMAP_LIMIT), texts, { title });
}

/** Vega is a file of its own in dist: only a run that draws loads it. */
async function drawSvg(chart: Chart): Promise<string> {
  const { exportSvg } = await import("../export/svg");
  return exportSvg(chart.spec(LIGHT_THEME, "svg"));
}
