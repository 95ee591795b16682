import { HEATMAP_ORDERS } from "../charts/order";
import {
  CLUSTER_METHODS,
  GROUP_RANGE,
  K_RANGE,
  LINKAGES,
  LONG_TEXTS,
  METRICS,
  REDUCE_METHODS,
  SOURCE_KINDS,
} from "../protocol/recipe";
import { UsageError } from "./usage";

/** What an option's value must be. */
export type OptionType =
  | { kind: "flag" }
  | { kind: "text"; what: string }
  | { kind: "choice"; values: readonly string[] }
  | { kind: "number"; whole: boolean; min: number; max: number; or?: string }
  | { kind: "positive" };

const number = (min: number, max: number, whole = true): OptionType => ({ kind: "number", whole, min, max });
const choice = (values: readonly string[]): OptionType => ({ kind: "choice", values });
const column: OptionType = { kind: "text", what: "a column, by name or by number from 1" };

/** Every option of the command line, with the range that a recipe allows. */
export const OPTIONS = {
  model: { kind: "text", what: "the id of a model or the path of one" },
  as: choice(SOURCE_KINDS),
  text: column,
  label: column,
  image: column,
  vector: column,
  id: column,
  header: choice(["yes", "no"]),
  long: choice(LONG_TEXTS),
  part: { kind: "text", what: "the name of a table in the file" },
  root: { kind: "text", what: "a folder" },
  map: { kind: "text", what: "two or three columns apart by commas, or none" },
  "allow-host": { kind: "text", what: "the name of a host, also with a port" },
  stratify: { kind: "flag" },
  sample: number(1, Number.MAX_SAFE_INTEGER),
  seed: number(0, 0xffffffff),
  metric: choice(METRICS),
  reduce: choice(REDUCE_METHODS),
  dims: choice(["2", "3"]),
  neighbors: number(2, 1_000),
  "min-dist": number(0, 1, false),
  perplexity: number(1, 1_000, false),
  cluster: choice(CLUSTER_METHODS),
  "cluster-on": choice(["vectors", "map"]),
  k: { kind: "number", whole: true, min: K_RANGE[0], max: K_RANGE[1], or: "auto" },
  eps: { kind: "positive" },
  "min-points": number(...GROUP_RANGE),
  "min-cluster-size": number(2, GROUP_RANGE[1]),
  "min-samples": number(...GROUP_RANGE),
  linkage: choice(LINKAGES),
  distance: { kind: "positive" },
  order: choice(HEATMAP_ORDERS),
  query: { kind: "text", what: "the words to look for" },
  with: { kind: "text", what: "the second model" },
  top: number(1, 1_000),
  ties: number(1, 100),
  threshold: number(-1_000_000, 1_000_000, false),
  cache: { kind: "text", what: "a folder or none" },
  mirror: { kind: "text", what: "the address of a server" },
  offline: { kind: "flag" },
  copy: { kind: "text", what: "the name of a file" },
  out: { kind: "text", what: "the name of a file" },
  quiet: { kind: "flag" },
  yes: { kind: "flag" },
  help: { kind: "flag" },
  version: { kind: "flag" },
} as const satisfies Record<string, OptionType>;

export type OptionName = keyof typeof OPTIONS;

/** Given once, but `out`, which may be given several times. */
export type Given = Partial<Record<Exclude<OptionName, "out">, string>> & { out: string[] };

export const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/**
 * Checks a value against its option.
 * @throws UsageError with what the option takes
 */
export function checkValue(name: OptionName, value: string): void {
  const type: OptionType = OPTIONS[name];
  switch (type.kind) {
    case "flag":
      return;
    case "text":
      if (value.trim() === "") throw new UsageError(`--${name} needs ${type.what}.`);
      return;
    case "choice":
      if (!type.values.includes(value)) {
        throw new UsageError(`--${name} takes ${list(type.values)}, not “${value}”.`);
      }
      return;
    case "positive":
      if (numberOf(value) > 0) return;
      throw new UsageError(`--${name} takes a number above 0, not “${value}”.`);
    case "number": {
      if (value === type.or) return;
      const n = numberOf(value);
      if (n >= type.min && n <= type.max && (!type.whole || Number.isInteger(n))) return;
      const what = type.whole ? "a whole number" : "a number";
      const range =
        type.max === Number.MAX_SAFE_INTEGER ? `of at least ${type.min}` : `from ${type.min} to ${type.max}`;
      throw new UsageError(`--${name} takes ${what} ${range}${type.or ? ` or ${type.or}` : ""}, not “${value}”.`);
    }
  }
}

/** NaN for what is not written as a number, or is too large for one. */
function numberOf(value: string): number {
  const n = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : NaN;
  return Number.isFinite(n) ? n : NaN;
}

function list(values: readonly string[]): string {
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)!}`;
}
