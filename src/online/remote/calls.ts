import type { RemoteSettings } from "../../protocol/models";
import { badAnswer, broken, refused, type Asked } from "./refusal";
import type { Server } from "./server";

/** Vectors as a server sent them, in the order of the texts; nothing is checked yet. */
export type RawVectors = readonly unknown[];

export interface CallOptions {
  settings: RemoteSettings;
  /** What is sent are data URLs of pictures. */
  pictures: boolean;
  server: Server;
  asked: Asked;
  fetch: typeof fetch;
  /** A call that gets no answer for so long is given up. */
  patienceMs: number;
}

/** A server that says nothing is given up after two minutes: a machine of one's own may need one for a batch. */
export const PATIENCE_MS = 120_000;

/**
 * A fetch that answers only with a JSON body of a good status.
 * @throws LensError, TryAgain or TooLarge for anything else
 */
export function strictFetch({ fetch: get, asked, patienceMs }: CallOptions): typeof fetch {
  return async (input, init) => {
    const patience = AbortSignal.timeout(patienceMs);
    try {
      const response = await get(input, { ...init, signal: patience, redirect: "manual" });
      const body = await response.text();
      if (!response.ok || /^\s*</.test(body)) throw badAnswer(asked, response, body);
      checkJson(asked, body);
      return new Response(body, { status: 200, headers: { "content-type": "application/json" } });
    } catch (error) {
      if (patience.aborted) throw broken(asked, new Error(`no answer for ${Math.ceil(patienceMs / 1000)} s`));
      throw broken(asked, error);
    }
  };
}

function checkJson(asked: Asked, body: string): void {
  try {
    JSON.parse(body);
  } catch (error) {
    const numbers = /[[,:]\s*-?(NaN|Infinity)\b/.test(body);
    throw refused(
      asked,
      numbers
        ? "the server sent NaN or Infinity where numbers belong; it may have failed on one of the texts"
        : "the server sent something that is not JSON; check its address",
      error,
    );
  }
}
