import { caption, number } from "../charts/caption";
import type { RunResult, Skipped } from "../protocol/result";
import type { RunCommand } from "./arguments";
import { STDIN } from "./source";

const LISTED = 5;

/** "Map of notes.txt", "Similarity of pictures and 2 more" */
export function titleOf(command: RunCommand, { recipe }: RunResult): string {
  const [first, ...more] = recipe.source.paths;
  const name = first === STDIN ? "stdin" : (first!.split("/").findLast((part) => part !== "") ?? first!);
  const rest = more.length > 0 ? ` and ${number(more.length)} more` : "";
  return `${command === "map" ? "Map" : "Similarity"} of ${name}${rest}`;
}

/** The caption with the time it took. */
export const summary = (result: RunResult): string =>
  `${caption(result)} · ${(result.timings.total / 1000).toFixed(1)} s`;

/** What a run has done that is no fault, as lines. */
export const notesOf = ({ notes = [] }: RunResult): string[] => notes.map((note) => `Note: ${note}`);

/** The warnings of a run and what was left out by name, as lines. */
export function remarks({ warnings, skipped, items }: RunResult): string[] {
  const lines = warnings.map((warning) => `Warning: ${warning}`);
  if (skipped.length === 0) return lines;
  const unit = items.placeKind === "row" ? "row" : "line";
  lines.push(`${number(skipped.length)} left out:`);
  lines.push(...skipped.slice(0, LISTED).map((one) => `  ${oneLeftOut(one, unit)}`));
  const more = skipped.length - LISTED;
  if (more > 0) lines.push(`  and ${number(more)} more (all are in the .json output)`);
  return lines;
}

const oneLeftOut = ({ path, place, reason }: Skipped, unit: string): string =>
  `${path}${place === undefined ? "" : ` ${unit} ${place}`}: ${reason}`;
