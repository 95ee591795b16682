import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cancelled } from "../protocol/errors";
import {
  badStatus,
  Broken,
  diskFailure,
  gaveUp,
  whyBroken,
  webPage,
  wrongBytes,
  wrongSize,
  type Subject,
} from "./failure";
import { Part } from "./part";

/** A file on a server. */
export interface RemoteFile extends Subject {
  /** Absent: whatever arrives is pinned. */
  sha256?: string;
}

export interface DownloadOptions {
  signal: AbortSignal;
  /** Bytes that are here. */
  onProgress?: (done: number) => void;
  fetch?: typeof fetch;
  /** A request that sends nothing for so long is given up and tried again. */
  stallMs?: number;
  /** Wait before the second try; it doubles with each further one. */
  retryMs?: number;
}

const TRIES = 4;
/** A try that has brought this much starts the count of tries anew. */
const WORTH_BYTES = 1 << 20;

/**
 * Downloads a file: goes on where an earlier try broke, and gives the file its name only when size and SHA-256 are right.
 * Several processes may do so at once.
 * @returns the SHA-256
 * @throws LensError "network", "write" or "cancelled"; what has arrived is kept for the next time unless it is wrong
 */
export async function download(file: RemoteFile, target: string, options: DownloadOptions): Promise<string> {
  let part: Part | null = null;
  try {
    part = await Part.claim(target);
    let resumed = part.size > 0;
    for (;;) {
      if (part.size > file.bytes) await part.restart(null);
      await fetchAll(file, part, options);
      const sha256 = await part.sha256(options.signal);
      if (file.sha256 === undefined || sha256 === file.sha256) {
        await part.finish();
        return sha256;
      }
      await part.restart(null);
      // The bytes of an earlier day may be those of another file; what arrived in one go is just wrong.
      if (!resumed) throw wrongBytes(file);
      resumed = false;
    }
  } catch (error) {
    await part?.release();
    if (options.signal.aborted) throw cancelled();
    throw diskFailure(error, file, dirname(target));
  }
}

async function fetchAll(file: RemoteFile, part: Part, options: DownloadOptions): Promise<void> {
  const { signal, onProgress, retryMs = 500 } = options;
  onProgress?.(part.size);
  for (let tries = 0; part.size < file.bytes;) {
    const before = part.size;
    try {
      await fetchRest(file, part, options);
    } catch (error) {
      if (signal.aborted || !(error instanceof Broken)) throw error;
      if (part.size - before >= WORTH_BYTES) tries = 0;
      if (++tries === TRIES) throw gaveUp(file, error, part.size);
      await sleep(retryMs * 2 ** (tries - 1), undefined, { signal });
    }
  }
}

/** One request for the bytes that are missing. */
async function fetchRest(file: RemoteFile, part: Part, options: DownloadOptions): Promise<void> {
  const { signal, stallMs = 30_000, onProgress } = options;
  const stalled = new AbortController();
  const patience = setTimeout(() => stalled.abort(), stallMs);
  try {
    // Without a version to compare, only the SHA-256 can tell later that the bytes belong together.
    if (part.size > 0 && part.validator === null && file.sha256 === undefined) await part.restart(null);
    const response = await request(file, part, options.fetch ?? fetch, AbortSignal.any([signal, stalled.signal]));
    const body = await accepted(response, file, part);
    for await (const chunk of chunksOf(body)) {
      patience.refresh();
      if (part.size === 0 && looksLikeHtml(chunk)) throw webPage(file);
      if (part.size + chunk.length > file.bytes) {
        const more = part.size + chunk.length;
        await part.restart(null);
        throw wrongSize(file, more);
      }
      await part.append(chunk);
      onProgress?.(part.size);
    }
    if (part.size < file.bytes) throw new Broken("the connection was cut");
  } catch (error) {
    if (stalled.signal.aborted && !signal.aborted) {
      throw new Broken(`the server sent nothing for ${Math.ceil(stallMs / 1000)} s`);
    }
    throw error;
  } finally {
    clearTimeout(patience);
  }
}

async function request(file: RemoteFile, part: Part, get: typeof fetch, signal: AbortSignal): Promise<Response> {
  // A compressed answer would hide the size and could not be resumed.
  const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "identity" };
  if (part.size > 0) {
    headers["range"] = `bytes=${part.size}-`;
    if (part.validator !== null) headers["if-range"] = part.validator;
  }
  try {
    return await get(file.url, { headers, signal, redirect: "follow" });
  } catch (error) {
    throw whyBroken(error);
  }
}

/** Checks the head of an answer and makes the part fit it. */
async function accepted(response: Response, file: RemoteFile, part: Part): Promise<ReadableStream<Uint8Array>> {
  const { status, headers, body } = response;
  const refuse = async (error: Error): Promise<never> => {
    await body?.cancel().catch(() => undefined);
    throw error;
  };
  if (status === 416) await part.restart(null);
  if (status !== 200 && status !== 206) return refuse(badStatus(file, status));
  if (/^text\/html\b/i.test(headers.get("content-type") ?? "")) return refuse(webPage(file));
  if (body === null) return refuse(new Broken("the server sent nothing"));

  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (status === 206 && Number(range?.[1]) !== part.size) {
    await part.restart(null);
    return refuse(new Broken("the server sent another part of the file"));
  }
  if (status === 200) await part.restart(validatorOf(headers));
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  const whole = status === 206 ? Number(range?.[2]) : length === null ? NaN : Number(length);
  if (Number.isFinite(whole) && whole !== file.bytes) {
    await part.restart(null);
    return refuse(wrongSize(file, whole));
  }
  return body;
}

/** What names the version of a file in an If-Range header: a strong ETag, else the date (RFC 9110, 13.1.5). */
function validatorOf(headers: Headers): string | null {
  const etag = headers.get("etag");
  return etag !== null && !etag.startsWith("W/") ? etag : headers.get("last-modified");
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        ended = true;
        throw whyBroken(error);
      });
      if (done) {
        ended = true;
        return;
      }
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}

const looksLikeHtml = (bytes: Uint8Array): boolean =>
  /^\s*<(!doctype html|html|head|body)/i.test(Buffer.from(bytes.subarray(0, 200)).toString("latin1"));
