import { parseArgs } from "node:util";
import { checkValue, isOption, OPTIONS, type Given, type OptionName } from "./options";
import { UsageError } from "./usage";

export const RUN_COMMANDS = ["map", "similarity", "embed"] as const;
export type RunCommand = (typeof RUN_COMMANDS)[number];

/** Questions that are answered with a piece of JSON. */
export const ASK_COMMANDS = ["search", "compare", "network", "findings"] as const;
export type AskCommand = (typeof ASK_COMMANDS)[number];

/** What the command line asks for. */
export type Command =
  | { name: "help" }
  | { name: "version" }
  | { name: RunCommand | AskCommand; sources: string[]; given: Given }
  | { name: "models"; action: "list"; given: Given }
  | { name: "models"; action: "fetch" | "import" | "remove"; target: string; given: Given };

/** Options that the command `models` knows; the others belong to a run. */
const MODELS_OPTIONS: readonly OptionName[] = ["mirror", "offline", "quiet", "yes", "help", "version"];

/**
 * Reads the arguments after the program's name.
 * @throws UsageError with one sentence
 */
export function parseCommand(args: readonly string[]): Command {
  const { positionals, given } = readTokens(args);
  const [name, ...rest] = positionals;
  if ("help" in given || (name === "help" && rest.length === 0)) return { name: "help" };
  if ("version" in given) return { name: "version" };
  if (name === undefined) throw new UsageError(`Name a command: ${COMMANDS.join(", ")} or models.`);
  if (name === "models") return modelsCommand(rest, given);
  if (!isRunCommand(name) && !isAskCommand(name)) {
    throw new UsageError(`“${name}” is not a command. The commands are ${COMMANDS.join(", ")} and models.`);
  }
  if (rest.length === 0) {
    throw new UsageError(`${name} needs a source: a file, a folder, or - for lines from stdin.`);
  }
  for (const [option, commands] of Object.entries(ASK_OPTIONS)) {
    if (option in given && !(commands as readonly string[]).includes(name))
      throw new UsageError(`--${option} is an option of ${commands.join(" and ")}.`);
  }
  return { name, sources: rest, given };
}

const COMMANDS: readonly string[] = [...RUN_COMMANDS, ...ASK_COMMANDS];

/** Options that these commands alone have. */
const ASK_OPTIONS: Partial<Record<OptionName, readonly AskCommand[]>> = {
  query: ["search"],
  with: ["compare"],
  top: ["search", "compare"],
  ties: ["network"],
  threshold: ["network", "findings"],
};

const isRunCommand = (name: string): name is RunCommand => (RUN_COMMANDS as readonly string[]).includes(name);

const isAskCommand = (name: string): name is AskCommand => (ASK_COMMANDS as readonly string[]).includes(name);

const TARGETS = {
  fetch: "the id of a model, or OWNER/NAME of one on the Hugging Face hub",
  import: "the path of a folder or an .onnx file",
  remove: "the id of a model",
} as const;

function modelsCommand([action = "list", ...targets]: string[], given: Given): Command {
  const stranger = [...Object.keys(given)].find(
    (name) => !(MODELS_OPTIONS as readonly string[]).includes(name) && (name !== "out" || given.out.length > 0),
  );
  if (stranger) throw new UsageError(`--${stranger} is not an option of models.`);
  switch (action) {
    case "list":
      if (targets.length > 0) throw new UsageError("models list takes no more words.");
      return { name: "models", action, given };
    case "fetch":
    case "import":
    case "remove": {
      const what = TARGETS[action];
      const [target] = targets;
      if (target === undefined || targets.length > 1) throw new UsageError(`models ${action} takes ${what}.`);
      return { name: "models", action, target, given };
    }
    default:
      throw new UsageError(`models ${action} is not a command: it is list, fetch ID, import PATH or remove ID.`);
  }
}

function readTokens(args: readonly string[]): { positionals: string[]; given: Given } {
  const flags = Object.entries(OPTIONS).map(([name, { kind }]) => [
    name,
    { type: kind === "flag" ? ("boolean" as const) : ("string" as const) },
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      ...(Object.fromEntries(flags) as Record<string, { type: "boolean" | "string" }>),
      help: { type: "boolean", short: "h" },
    },
  });
  const positionals: string[] = [];
  const given: Given = { out: [] };
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    else if (token.kind === "option") readOption(token, given);
  }
  return { positionals, given };
}

interface OptionToken {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function readOption({ name, rawName, value, inlineValue }: OptionToken, given: Given): void {
  if (!isOption(name)) throw new UsageError(`${rawName} is not an option.${suggestion(name)}`);
  if (OPTIONS[name].kind === "flag") {
    if (value !== undefined) throw new UsageError(`--${name} takes no value.`);
    value = "";
  }
  if (value === undefined || (!inlineValue && value.startsWith("--"))) throw new UsageError(`--${name} needs a value.`);
  checkValue(name, value);
  if (name === "out") given.out.push(value);
  else if (given[name] !== undefined && given[name] !== value) throw new UsageError(`--${name} is given twice.`);
  else given[name] = value;
}

function suggestion(name: string): string {
  const best = Object.keys(OPTIONS)
    .map((option) => ({ option, distance: editDistance(name.toLowerCase(), option) }))
    .sort((a, b) => a.distance - b.distance)[0]!;
  return name.length > 2 && best.distance <= 2 ? ` Did you mean --${best.option}?` : " --help lists the options.";
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
