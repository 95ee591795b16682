import type { RemoteVectors, Thumbnail } from "../../protocol/engine";
import { isCancelled, LensError } from "../../protocol/errors";
import type { ModelCard } from "../../protocol/models";
import type { RunContext } from "../run/context";
import type { EmbeddingCache } from "../store/embedding-cache";
import type { EmbedAnswer } from "../tasks";
import type { Item } from "../types";
import type { RemoteCall, RemoteCalls } from "./remote-calls";

/** Characters of one call at most, unless a single text has more: servers limit the tokens of a call as well. */
const CALL_CHARACTERS = 200_000;
const CHARACTERS_PER_TOKEN = 4;
/** Of up to some hundred kilobytes each: servers limit the bytes of a call. */
const PICTURES_PER_CALL = 16;

export interface RemoteJob {
  card: ModelCard;
  items: readonly Item[];
  /** Positions of items whose vectors are not here. */
  missing: readonly number[];
  cache: EmbeddingCache | null;
  /** An encoded copy of a picture for the server. @throws LensError "source" when it cannot be read */
  pictureOf(file: string): Promise<Thumbnail>;
  /** Length of the model's vectors, once one is known. */
  dims: () => number | null;
  /** Takes the answer for these positions. */
  take(positions: readonly number[], answer: EmbedAnswer): void;
  /** These items need no call. */
  leaveOut(positions: readonly number[], reason: string): void;
  done(more: number): void;
}

/**
 * Asks a server for the vectors of texts, each different text once, and keeps what arrives call by call.
 * @throws LensError as `RemoteCalls.make`
 */
export async function embedRemotely(job: RemoteJob, calls: RemoteCalls, ctx: RunContext): Promise<void> {
  const { card, items, missing, cache } = job;
  const { remote } = card;
  if (remote === undefined) throw new LensError("model", `The card of ${card.name} names no server.`);
  const ofPictures = items.some(({ file }) => file !== undefined);
  const places = new Map<string, number[]>();
  const blank: number[] = [];
  for (const at of missing) {
    const text = contentOf(items[at]!, cache);
    const known = places.get(text);
    if (text.trim() === "") blank.push(at);
    else if (known) known.push(at);
    else places.set(text, [at]);
  }
  job.leaveOut(blank, ofPictures ? "it has no picture file" : "it holds no text");
  job.done(blank.length);
  if (places.size === 0) return;

  const host = new URL(remote.server).host;
  const characters = [...places.keys()].reduce((sum, { length }) => sum + length, 0);
  const sending = {
    model: card.id,
    name: card.name,
    host,
    texts: places.size,
    ...(ofPictures && { pictures: true as const }),
    tokens: ofPictures ? 0 : Math.ceil(characters / CHARACTERS_PER_TOKEN),
    cached: items.length - missing.length,
    kept: cache !== null,
  };
  let arrivedTexts = 0;
  const arrived = async (texts: readonly string[], vectors: RemoteVectors): Promise<void> => {
    const { cols, failed } = vectors;
    const positions = texts.flatMap((text) => places.get(text)!);
    const known = job.dims();
    if (cols > 0) {
      if (known !== null && known !== cols) throw otherLength(card, host, known, cols);
      const tensor = `${remote.provider} ${remote.model}`;
      const answer: EmbedAnswer = { ...spread(texts, places, vectors), dims: cols, tensor };
      job.take(positions, answer);
      await cache?.keep(
        texts.map((text) => items[places.get(text)![0]!]!),
        { data: vectors.data, failed },
        { dims: cols, tensor },
      );
    } else for (const { at, reason } of failed) job.leaveOut(places.get(texts[at]!)!, reason);
    arrivedTexts += texts.length;
    job.done(positions.length);
  };
  const most = ofPictures ? Math.min(remote.batch, PICTURES_PER_CALL) : remote.batch;
  const made = batchesOf([...places.keys()], most).map((texts): RemoteCall => {
    if (!ofPictures) {
      return {
        request: () => Promise.resolve({ model: card.id, server: remote.server, texts }),
        arrived: (vectors) => arrived(texts, vectors),
      };
    }
    let sent: string[] = [];
    return {
      request: async () => {
        const urls = await encoded(texts, places, job);
        sent = texts.filter((_, i) => urls[i] !== null);
        return { model: card.id, server: remote.server, texts: urls.filter((url) => url !== null), pictures: true };
      },
      arrived: (vectors) => arrived(sent, vectors),
    };
  });
  try {
    await calls.make(made, sending, ctx);
  } catch (error) {
    if (isCancelled(error) || !(error instanceof LensError) || cache === null || arrivedTexts === 0) throw error;
    const kept = arrivedTexts.toLocaleString("en-US");
    throw new LensError(
      error.reason,
      `${error.message} The vectors of ${kept} ${ofPictures ? "pictures" : "texts"} have arrived and are kept: run again to ask for the rest.`,
      {
        cause: error,
      },
    );
  }
}

/** What tells one thing to send from another: a text, or what is known of a picture. */
function contentOf({ text, file }: Item, cache: EmbeddingCache | null): string {
  return file === undefined ? (text ?? "") : (cache?.contentOf(file) ?? file);
}

/** Pictures as data URLs; null for one that cannot be read, which is left out by name. */
function encoded(
  contents: readonly string[],
  places: Map<string, number[]>,
  job: RemoteJob,
): Promise<(string | null)[]> {
  return Promise.all(
    contents.map(async (content) => {
      const positions = places.get(content)!;
      try {
        const { type, bytes } = await job.pictureOf(job.items[positions[0]!]!.file!);
        return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
      } catch (error) {
        if (isCancelled(error) || !(error instanceof LensError) || error.reason !== "source") throw error;
        job.leaveOut(positions, error.message.replace(/^.*cannot be shown: /, "").replace(/\.$/, ""));
        job.done(positions.length);
        return null;
      }
    }),
  );
}

/** The answer for each different text as one for each item. */
function spread(texts: readonly string[], places: Map<string, number[]>, { cols, data, failed }: RemoteVectors) {
  const from = texts.flatMap((text, at) => places.get(text)!.map(() => at));
  const reasons = new Map(failed.map(({ at, reason }) => [at, reason]));
  const all = new Float32Array(from.length * cols);
  from.forEach((at, row) => all.set(data.subarray(at * cols, (at + 1) * cols), row * cols));
  return {
    data: all,
    failed: from.flatMap((at, row) => (reasons.has(at) ? [{ at: row, reason: reasons.get(at)! }] : [])),
  };
}

function otherLength({ name }: ModelCard, host: string, known: number, cols: number): LensError {
  return new LensError(
    "network",
    `${host} sent vectors of ${cols} numbers for ${name} where it sent ${known} before, so its model is another one now: ` +
      "clear the kept embeddings to begin anew, or choose the model by another name.",
  );
}

function batchesOf(texts: readonly string[], most: number): string[][] {
  const batches: string[][] = [];
  let characters = Infinity;
  for (const text of texts) {
    const last = batches.at(-1);
    if (last === undefined || last.length === most || characters + text.length > CALL_CHARACTERS) {
      batches.push([text]);
      characters = text.length;
    } else {
      last.push(text);
      characters += text.length;
    }
  }
  return batches;
}
