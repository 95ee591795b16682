import { heatmapChart, mapChart, pageCaption, pagePayload, type Chart } from "../export/chart";
import { exportHtml } from "../export/html";
import type { Content } from "../export";
import { heatmapOrder, reorder } from "../charts/order";
import { LIGHT_THEME } from "../charts/theme";
import { HEATMAP_LIMIT, MAP_LIMIT, PAGE_LIMIT } from "../protocol/constants";
import type { SimilarityMatrix } from "../protocol/result";
import type { RunCommand } from "./arguments";
import type { Findings } from "./findings";
import type { Io } from "./io";
import { titleOf } from "./summary";

const MOST_PICTURES = 1_000;
const THUMBNAIL_SIZE = 112;

/** The chart of a run as a page, an SVG or a PNG. */
export async function chartContent(
  command: Exclude<RunCommand, "embed">,
  format: "html" | "svg" | "png",
  findings: Findings,
  io: Io,
): Promise<Content> {
  const chart = await chartOf(command, findings, format === "html" ? PAGE_LIMIT : MAP_LIMIT);
  switch (format) {
    case "html":
      return exportHtml(pagePayload(chart, await picturesOf(chart, findings)), {
        title: titleOf(command, findings.result),
        caption: pageCaption(findings.result, chart),
        recipe: findings.result.recipe,
        chartScript: await io.chartScript(),
      });
    case "svg":
      return drawSvg(chart);
    case "png": {
      const { svgToPng } = await import("./png");
      return svgToPng(await drawSvg(chart), chart.width);
    }
  }
}

async function chartOf(command: Exclude<RunCommand, "embed">, findings: Findings, limit: number): Promise<Chart> {
  const { result, order } = findings;
  const title = titleOf(command, result);
  const texts = await findings.texts();
  if (command === "similarity") return heatmapChart(result, await orderedMatrix(findings), texts, { title, order });
  // Clusters are only there when somebody asked for them: then they are what the colours show.
  const colorBy = result.cluster.length > 0 ? { colorBy: "cluster" as const } : {};
  return mapChart(result, texts, { title, limit, ...colorBy });
}

/** The heatmap's sample in the order that --order names. */
async function orderedMatrix(findings: Findings): Promise<SimilarityMatrix> {
  const { result, order } = findings;
  const matrix = await findings.matrix(HEATMAP_LIMIT);
  const leaves = order === "similarity" ? await findings.leaves(HEATMAP_LIMIT) : null;
  return reorder(matrix, heatmapOrder(result, matrix.index, order, leaves));
}

/** The thumbnails of a page about pictures: a few kilobytes each, so that a page of a thousand stays below some megabytes. */
async function picturesOf({ index }: Chart, findings: Findings): Promise<(string | null)[] | undefined> {
  if (findings.result.items.kind !== "image") return undefined;
  const pictures: (string | null)[] = [];
  for (const i of index.subarray(0, MOST_PICTURES)) pictures.push(await findings.thumbnail(i, THUMBNAIL_SIZE));
  return pictures;
}

/** Vega is a file of its own in dist: only a run that draws loads it. */
async function drawSvg(chart: Chart): Promise<string> {
  const { exportSvg } = await import("../export/svg");
  return exportSvg(chart.spec(LIGHT_THEME, "svg"));
}
