import { LensError } from "../protocol/errors";

const MOST_REDIRECTIONS = 5;
const TIME_LIMIT_MS = 30_000;

/**
 * The bytes of a file at a web address. Redirections are followed within the hosts that are allowed.
 * @param allows whether a host (name and port) may be asked
 * @throws LensError "network" with one sentence
 */
export async function fetchFile(
  url: string,
  maxBytes: number,
  allows: (host: string) => boolean,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  try {
    const response = await follow(url, allows, limit);
    if (!response.ok) throw failed(`${url} answered ${response.status}`);
    if (/^\s*text\//i.test(response.headers.get("content-type") ?? "")) throw failed(`${url} is a web page or a text`);
    const announced = Number(response.headers.get("content-length") ?? 0);
    if (announced > maxBytes) throw tooLarge(url, maxBytes);
    return await bytesOf(response, url, maxBytes);
  } catch (error) {
    if (error instanceof LensError) throw error;
    signal.throwIfAborted();
    throw failed(limit.aborted ? `${url} did not answer within 30 seconds` : `${url} could not be reached`, error);
  }
}

async function follow(start: string, allows: (host: string) => boolean, signal: AbortSignal): Promise<Response> {
  let url = start;
  for (let i = 0; i <= MOST_REDIRECTIONS; i++) {
    const { host, protocol } = new URL(url);
    if (protocol !== "https:" && protocol !== "http:") throw failed(`${url} is no web address`);
    if (!allows(host)) throw failed(`${start} leads to ${host}, from which loading was not allowed`);
    const response = await fetch(url, { redirect: "manual", signal, headers: { accept: "image/*" } });
    const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (next === null) return response;
    await response.body?.cancel();
    url = new URL(next, url).href;
  }
  throw failed(`${start} leads from address to address`);
}

async function bytesOf(response: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += (piece as Uint8Array).length;
    if (length > maxBytes) throw tooLarge(url, maxBytes);
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces);
}

const failed = (what: string, cause?: unknown): LensError =>
  new LensError("network", `${what}.`, cause === undefined ? undefined : { cause });

const tooLarge = (url: string, maxBytes: number): LensError =>
  failed(`${url} is larger than ${Math.round(maxBytes / 1e6)} MB`);
