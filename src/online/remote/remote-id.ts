import { LensError } from "../../protocol/errors";
import type { RemoteProvider, RemoteSettings } from "../../protocol/models";

/** What the id of a model behind a server says: `cohere:embed-v4.0?dimensions=256&input=search_document`. */
export interface RemoteId extends Omit<RemoteSettings, "server"> {
  id: string;
}

/** What Cohere lets a caller say about texts; clusters and maps are what we draw, so that is the default. */
export const COHERE_INPUTS = ["search_document", "search_query", "classification", "clustering"] as const;
export const COHERE_TRUNCATES = ["NONE", "START", "END"] as const;

/** Texts of one call at most, by the documentation of each server. */
const MOST: Readonly<Record<RemoteProvider, number>> = { cohere: 96, openai: 2048 };
/** Small enough that little is lost when a call fails, and that servers of one's own bear it. */
const USUAL: Readonly<Record<RemoteProvider, number>> = { cohere: 96, openai: 128 };

/**
 * Reads `PROVIDER:MODEL?OPTIONS`. Options of both are `dimensions` and `batch` (texts a call), of Cohere also `input` and
 * `truncate`.
 * @throws LensError "model" that names what is wrong
 */
export function parseRemoteId(id: string): RemoteId {
  const [, provider, model, query = ""] = /^(cohere|openai):([^?]*)(?:\?(.*))?$/s.exec(id) ?? [];
  if (!isProvider(provider)) throw wrong(id, "it must begin with cohere: or openai:");
  if (!model || /[\s\p{Cc}]/u.test(model)) throw wrong(id, `${provider}: must be followed by the name of a model`);
  const settings: RemoteId = { id, provider, model, batch: USUAL[provider] };
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "dimensions") settings.dimensions = whole(id, name, value, 65_536);
    else if (name === "batch") settings.batch = whole(id, name, value, MOST[provider]);
    else if (name === "input" && provider === "cohere") settings.input = choice(id, name, value, COHERE_INPUTS);
    else if (name === "truncate" && provider === "cohere")
      settings.truncate = choice(id, name, value, COHERE_TRUNCATES);
    else throw wrong(id, `“${name}” is no option of a model of ${provider}`);
  }
  if (provider === "openai") return settings;
  return { ...settings, input: settings.input ?? "clustering", truncate: settings.truncate ?? "END" };
}

const isProvider = (text: string | undefined): text is RemoteProvider => text === "cohere" || text === "openai";

const wrong = (id: string, what: string): LensError =>
  new LensError(
    "model",
    `The model “${id}” is not understood: ${what}. Examples: cohere:embed-v4.0, openai:NAME?dimensions=256.`,
  );

function whole(id: string, name: string, value: string, most: number): number {
  if (/^[1-9]\d{0,5}$/.test(value) && Number(value) <= most) return Number(value);
  throw wrong(id, `${name} is a whole number from 1 to ${most}`);
}

function choice<T extends string>(id: string, name: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw wrong(id, `${name} is one of ${values.join(", ")}`);
  return found;
}
