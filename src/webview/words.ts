import { countWords, itemWords, METHOD_NAMES, methodWords, number } from "../charts/caption";
import { countKept } from "../charts/filter";
import type { Group } from "../charts/groups";
import { withMinus } from "../charts/text";
import { MAP_LIMIT } from "../protocol/constants";
import type { PanelComparison } from "../protocol/compare";
import type { Progress, Stage } from "../protocol/engine";
import type { ModelInfo } from "../protocol/models";
import type { View } from "../protocol/panel";
import type { Metric, SourceKind } from "../protocol/recipe";
import type { ItemColumns, ModelUsed, RunResult, Skipped } from "../protocol/result";

export { countWords, METHOD_NAMES, number };

export const METRIC_NAMES: Record<Metric, string> = {
  cosine: "Cosine",
  euclidean: "Euclidean",
  dot: "Dot product",
};

/** What the status line says about a result, piece by piece; what was left out and warnings have their own place. */
export function statusParts(result: RunResult, view: View, heatmap: { shown: number; total: number } | null): string[] {
  const { items, recipe, model, timings } = result;
  const drawn =
    view === "map" || view === "compare" ? Math.min(items.count, MAP_LIMIT) : (heatmap?.shown ?? items.count);
  const parts = [itemWords(result, drawn)];
  if (model.id !== "coordinates") {
    const ready = recipe.source.kind === "vectors" && items.kind === "vector";
    parts.push(ready ? `${number(model.dims)}-d` : `${model.name}, ${number(model.dims)}-d`);
  }
  parts.push(...columnParts(result));
  const metric = model.id === "coordinates" ? "euclidean" : recipe.metric;
  if (view === "similarity") parts.push(`${METRIC_NAMES[metric].toLowerCase()} similarity`);
  else if (view === "network") parts.push("network of nearest neighbours");
  else parts.push(...[methodWords(result)].filter((words) => words !== null));
  parts.push(duration(timings.total));
  return parts;
}

/** "GloVe 100d, 100-d" */
export const modelLine = ({ name, dims }: ModelUsed): string => `${name}, ${number(dims)}-d`;

/** What the status line says about two models, piece by piece. */
export function comparisonParts(result: RunResult, comparison: PanelComparison): string[] {
  const { model, index, k, mean, disparity, only } = comparison;
  const common = index.length;
  const parts = [
    itemWords(result, Math.min(result.items.count, MAP_LIMIT)),
    `${modelLine(result.model)} beside ${modelLine(model)}`,
  ];
  if (only[0] + only[1] > 0) {
    parts.push(`compared on the ${number(common)} ${common === 1 ? "item" : "items"} that both have`);
  }
  parts.push(`${percent(mean)} of ${k} nearest shared`);
  if (disparity !== null) parts.push(`disparity ${disparity.toFixed(2)}`);
  const method = methodWords(result)?.split(",")[0];
  return method === undefined ? parts : [...parts, method];
}

/** What the figures of a comparison mean. */
export function comparisonWords({ index, k, mean, disparity }: PanelComparison): string {
  const others = Math.max(1, index.length - 1);
  return [
    `Of the ${k} nearest of an item in the vectors of one model, ${percent(mean)} are among the ${k} nearest of the other, on average.`,
    `By chance alone it would be ${percent(Math.min(1, k / others))}.`,
    ...(disparity === null
      ? []
      : [
          `Disparity ${disparity.toFixed(3)}: what turning, mirroring, moving and scaling could not bring together, from 0 (one shape) to 1.`,
        ]),
  ].join("\n");
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** "2 of 10 neighbours shared" */
export const sharedWords = (overlap: number, k: number): string =>
  `${Math.round(overlap * k)} of ${k} ${k === 1 ? "neighbour" : "neighbours"} shared`;

/** "0.84 of the first map's radius away from its place there" */
export const wayWords = (shift: number): string =>
  `${shift.toFixed(2)} radii of the first map away from its place there`;

/** "1,234 of 20,000 shown": what the filters leave. A heatmap has no row for the others. */
export function shownWords({ items }: Pick<RunResult, "items">, kept: Uint8Array, view: View): string {
  const words = `${number(countKept(kept))} of ${number(items.count)}`;
  return view === "similarity" ? `${words} pass the filter` : `${words} shown, the others faint`;
}

/** "text: question", "label: category": of which columns the picture of a dataset is made. */
export function columnParts({ columns }: RunResult): string[] {
  return columns
    ? [
        `text: ${columns.text === null ? "none" : short(columns.text)}`,
        `label: ${columns.label === null ? "none" : short(columns.label)}`,
      ]
    : [];
}

/** Whether these columns were chosen or guessed. */
export function columnWords({ recipe: { source } }: RunResult): string {
  const { text, label } = source.columns ?? {};
  if (text !== undefined && label !== undefined) return "The columns that were chosen.";
  const guessed = text === undefined ? (label === undefined ? "Text and label were" : "The text was") : "The label was";
  return `${guessed} guessed from the first rows. “Columns” changes it.`;
}

const short = (name: string): string => (name.length > 40 ? `${name.slice(0, 39)}…` : name);

export function qualityWords({ quality }: RunResult): string {
  if (!quality) return "";
  const { k, trustworthiness, continuity, neighborsKept, sample } = quality;
  return [
    `How far the map can be trusted at ${k} neighbours, measured on ${number(sample)} items.`,
    `Trustworthiness ${trustworthiness.toFixed(3)}: near on the map is near in the vectors.`,
    `Continuity ${continuity.toFixed(3)}: near in the vectors is near on the map.`,
    `Neighbours kept: ${Math.round(100 * neighborsKept)} %.`,
  ].join("\n");
}

/** "0.4 s", "83 ms", "2 min 5 s" */
export function duration(ms: number): string {
  if (ms < 95) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "notes.txt, line 3: no known word" */
export function skippedWords({ path, place, reason }: Skipped, kind: SourceKind): string {
  const where =
    place === undefined ? path : `${path}, ${kind === "rows" || kind === "vectors" ? "row" : "line"} ${place}`;
  return `${where}: ${reason}`;
}

/** The share of items left out from which it is no small matter. */
const MANY = 0.2;

/** "312 of 500 items are left out; 300 of them: it has no text." Null where they are few. */
export function leftOutWords(skipped: readonly Skipped[], count: number): string | null {
  const left = skipped.length;
  const all = left + count;
  if (left === 0 || left < MANY * all) return null;
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const [reason, times] = [...reasons].reduce((most, one) => (one[1] > most[1] ? one : most));
  const which = times === left ? ":" : `; ${number(times)} of them:`;
  return `${number(left)} of ${number(all)} items ${left === 1 ? "is" : "are"} left out${which} ${reason}.`;
}

/** "line 12", "row 3", "" for a whole file. */
export function placeWords(items: ItemColumns, index: number): string {
  return items.placeKind === "none" ? "" : `${items.placeKind} ${items.place[index] ?? 0}`;
}

const STAGES: Record<Stage, string> = {
  items: "Reading",
  model: "Getting the model",
  answers: "Waiting for earlier answers of the server",
  embed: "Embedding",
  neighbors: "Finding neighbours",
  reduce: "Laying out the map",
  cluster: "Finding clusters",
  quality: "Measuring the map",
  matrix: "Comparing",
};

/** "Embedding 64 of 133", "Reading", "Laying out the map, 40 %" */
export function progressWords(progress: Progress | null): string {
  if (!progress) return "Starting";
  const { stage, done, total } = progress;
  const name = STAGES[stage];
  switch (stage) {
    case "items":
    case "answers":
    case "embed":
    case "matrix":
      if (total > 0) return `${name} ${number(done)} of ${number(total)}`;
      return done > 0 ? `${name} ${number(done)}` : name;
    case "model":
      return total > 1_000 ? `${name}, ${megabytes(done)} of ${megabytes(total)}` : name;
    case "neighbors":
    case "reduce":
    case "cluster":
    case "quality":
      return total > 0 ? `${name}, ${Math.floor((100 * Math.min(done, total)) / total)} %` : name;
  }
}

/** "3.7 MB" */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** "MobileNetV2 (3.7 MB download)"; a model on a server says what of the items it sends where. */
export function modelWords({ card, state, bytes }: ModelInfo, kind: "text" | "image" | "vector"): string {
  const sent = kind === "image" ? "pictures" : "texts";
  if (state === "remote") return `${card.name} — sends your ${sent} to ${card.source}`;
  return state === "absent" ? `${card.name} (${megabytes(bytes)} download)` : card.name;
}

/** The last part of a path with forward slashes. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** "12 items", "12 of 340 items" where the heatmap shows a sample */
export function groupWords({ from, to, size }: Group): string {
  const shown = to - from;
  return `${shown < size ? `${number(shown)} of ${number(size)}` : number(size)} ${size === 1 ? "item" : "items"}`;
}

export const similarityWords = (value: number): string => withMinus(value.toFixed(3));

/** "4 ties, the strongest:" */
export function tieWords(count: number): string {
  if (count === 0) return "No ties of this similarity";
  return count === 1 ? "1 tie:" : `${number(count)} ties${count > MOST_TIES ? ", the strongest:" : ":"}`;
}

/** Ties that a tooltip names. */
export const MOST_TIES = 3;
