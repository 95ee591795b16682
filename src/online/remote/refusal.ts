import { LensError } from "../../protocol/errors";
import { whyBroken } from "../failure";

/** Whom a sentence is about. */
export interface Asked {
  /** What a person calls the model. */
  name: string;
  /** The server's name for it. */
  model: string;
  /** The server's name and port. */
  host: string;
}

/** A server that says no, for now: the next try may work. `waitMs` is what it asks to wait. */
export class TryAgain extends Error {
  constructor(
    message: string,
    readonly waitMs: number | null,
    /** It asks for fewer calls at once. */
    readonly crowded: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What was sent in one call is too much for the server. */
export class TooLarge extends Error {}

/** A call that will not work, however often it is tried. */
export const refused = ({ name, host }: Asked, what: string, cause?: unknown): LensError =>
  new LensError("network", `${name} could not embed at ${host}: ${what}.`, { cause });

/** A call that another key helps. */
export const keyRefused = ({ name, host }: Asked, what: string): LensError =>
  new LensError("key", `${name} could not embed at ${host}: ${what}${SET_KEY}.`);

/** An answer that is no vectors. @param body its text @returns LensError, TryAgain or TooLarge */
export function badAnswer(asked: Asked, { status, headers }: Response, body: string): Error {
  if (isHtml(headers.get("content-type"), body)) {
    return status >= 500
      ? new TryAgain(`the server answered ${status}`, waitOf(headers), true)
      : refused(
          asked,
          "a web page came instead of an answer, perhaps the sign-in page of a network or a proxy; sign in there, or correct the server's address",
        );
  }
  // Elsewhere is not where the person agreed to send texts to.
  if (status < 400) {
    return refused(
      asked,
      `the server sends the call elsewhere (${status}), perhaps to the sign-in page of a network or a proxy; sign in there, or correct the server's address`,
    );
  }
  const said = messageIn(body);
  switch (status) {
    case 401:
    case 498:
      return keyRefused(asked, `the key is missing or not accepted (${status}); `);
    case 402:
      return refused(asked, NO_CREDIT(status));
    case 403:
      return keyRefused(asked, `the key is not allowed to use ${asked.model} (403); choose another model, or `);
    case 404:
    case 410:
      return refused(
        asked,
        `there is no model “${asked.model}” there, or the server's address is wrong (${status}); correct one of them`,
      );
    case 413:
      return new TooLarge(`the server answers that it is too large (${status})`);
    case 429:
      return /quota|credit|billing|balance|month/i.test(said)
        ? refused(asked, NO_CREDIT(status))
        : new TryAgain("the server asks for fewer calls (429)", waitOf(headers), true);
    case 400:
    case 422:
      if (/too (large|long|many)|maximum|max(imum)?[ _-](context|token|batch)|context length|exceed/i.test(said)) {
        return new TooLarge(`the server answers that it is too large (${status})`);
      }
      if (/model.*(not found|not exist|unknown|invalid)|(not found|unknown|invalid).*model/i.test(said)) {
        return refused(asked, `there is no model “${asked.model}” there (${status}); correct its name`);
      }
      if (/dimension/i.test(said)) {
        return refused(
          asked,
          `the number of dimensions that is asked for is not possible with ${asked.model} (${status}); choose another`,
        );
      }
      return refused(
        asked,
        `the server does not understand what is asked (${status}); check the model and its options`,
      );
    default:
      return status === 408 || status === 409 || status === 425 || status >= 500
        ? new TryAgain(`the server answered ${status}`, waitOf(headers), status >= 500)
        : refused(asked, `the server answered ${status}; check its address`);
  }
}

const SET_KEY =
  "set one with “Embedding Lens: Set API Key…”, or in COHERE_API_KEY or OPENAI_API_KEY for the command line";
const NO_CREDIT = (status: number): string =>
  `the account has no credit or quota left (${status}); add some there, then run again`;

/** A request that never got its answer. */
export function broken(asked: Asked, error: unknown): Error {
  if (error instanceof LensError || error instanceof TryAgain || error instanceof TooLarge) return error;
  const why = whyBroken(error);
  // A certificate does not become trusted by asking again.
  return why.message.includes("certificate")
    ? refused(asked, why.message, why)
    : new TryAgain(why.message, null, false, { cause: why });
}

/** Milliseconds that the server asks to wait: RFC 9110, 10.2.3, seconds or a date; OpenAI also says `retry-after-ms`. */
export function waitOf(headers: Headers, now: () => number = Date.now): number | null {
  const milliseconds = Number(headers.get("retry-after-ms") ?? NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const after = headers.get("retry-after")?.trim();
  if (after === undefined || after === "") return null;
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - now());
}

const isHtml = (type: string | null, body: string): boolean =>
  /^text\/html\b/i.test(type ?? "") || /^\s*<(!doctype html|html|head|body)/i.test(body.slice(0, 200));

/** The server's own words, only to tell reasons apart: they may repeat what was sent, so nobody is shown them. */
function messageIn(body: string): string {
  try {
    const value = JSON.parse(body) as { message?: unknown; error?: unknown; detail?: unknown } | null;
    return JSON.stringify([value?.message, value?.error, value?.detail]).slice(0, 2_000);
  } catch {
    return body.slice(0, 2_000);
  }
}
