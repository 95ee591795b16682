import { LensError } from "../protocol/errors";

const PATIENCE_MS = 20_000;
const MOST_REDIRECTIONS = 5;
/** Bytes that tell what a file is. */
const MAGIC = 16;

export interface PictureOptions {
  maxBytes: number;
  signal: AbortSignal;
  /** Whether the person lets pictures be loaded from a host (name and port); asked again for each redirection. */
  allows(host: string): boolean;
  /** Milliseconds for the whole of it. */
  patience?: number;
}

/**
 * The bytes of a picture at a URL. What is not a picture, or larger than is allowed, is not read to its end; nothing about the person
 * is sent along.
 * @throws LensError "network" with why; "cancelled"
 */
export async function loadPicture(url: string, options: PictureOptions): Promise<Uint8Array> {
  const { signal, patience = PATIENCE_MS } = options;
  const late = AbortSignal.timeout(patience);
  try {
    return await load(url, options, AbortSignal.any([signal, late]));
  } catch (error) {
    if (error instanceof LensError) throw error;
    if (signal.aborted) throw new LensError("cancelled", "Cancelled.");
    if (late.aborted) throw failure(url, `the server did not send it within ${Math.round(patience / 1000)} seconds`);
    throw failure(url, causeOf(error), error);
  }
}

async function load(first: string, options: PictureOptions, signal: AbortSignal): Promise<Uint8Array> {
  let url = checked(first, options);
  for (let step = 0; step <= MOST_REDIRECTIONS; step++) {
    const response = await fetch(url, {
      redirect: "manual",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      headers: { accept: "image/*" },
      signal,
    });
    const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (next === null) return read(response, first, options.maxBytes);
    await response.body?.cancel();
    url = checked(new URL(next, url).href, options);
  }
  throw failure(first, "the server redirects again and again");
}

/** @throws LensError "network" for a host that was not allowed, or another protocol */
function checked(url: string, options: PictureOptions): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address?.protocol !== "https:" && address?.protocol !== "http:") {
    throw new LensError("network", "the address of the picture is not valid");
  }
  if (!options.allows(address.host)) throw failure(url, "pictures from this host were not allowed");
  if (address.username || address.password) throw failure(url, "its address holds a password");
  return address;
}

async function read(response: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  const refuse = async (why: string): Promise<never> => {
    await response.body?.cancel();
    throw failure(url, why);
  };
  if (!response.ok) return refuse(`the server answered ${response.status}`);
  if (/^\s*text\//i.test(response.headers.get("content-type") ?? "")) {
    return refuse("a web page came instead of a picture");
  }
  const tooLarge = `it is larger than ${Math.round(maxBytes / 2 ** 20)} MB`;
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) return refuse(tooLarge);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  let seen = false;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxBytes) throw failure(url, tooLarge);
    if (!seen && bytes >= MAGIC) {
      seen = true;
      if (!isPicture(Buffer.concat(pieces))) throw failure(url, "what the server sends is no picture");
    }
  }
  if (!seen) throw failure(url, bytes === 0 ? "the server sent nothing" : "what the server sends is no picture");
  return new Uint8Array(Buffer.concat(pieces));
}

/** JPEG, PNG, GIF, WebP, TIFF or AVIF, by the first bytes. */
function isPicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, MAGIC)).toString("latin1");
  return (
    /^(\xff\xd8\xff|\x89PNG\r\n|GIF8|II\*\0|MM\0\*)/.test(start) ||
    /^RIFF....WEBP/s.test(start) ||
    /^....ftypavi[fs]/s.test(start)
  );
}

const failure = (url: string, why: string, cause?: unknown): LensError =>
  new LensError("network", `the picture could not be loaded from ${new URL(url).host}: ${why}`, { cause });

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const { code, message } = (cause ?? error) as { code?: string; message?: string };
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host is not known, or this machine is offline";
    case "ECONNREFUSED":
      return "nothing answers there";
    case "ECONNRESET":
      return "the connection broke";
    default:
      return code ?? message ?? "the connection failed";
  }
}
