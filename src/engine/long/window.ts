import type { LocalModel } from "../../protocol/engine";
import { textSideOf, type ModelCard } from "../../protocol/models";
import type { LongTexts } from "../../protocol/recipe";
import { openTokenizer, tokenizerFolder, type TextTokenizer } from "../embed/tokenizer";
import { estimatedTokens, splitPassages, type Passage } from "../items/passages";

/** What a transformer reads when nothing says otherwise. */
const USUAL_TOKENS = 512;
/** A passage for a model that reads texts of any length: about a page of a book. */
const PAGE_TOKENS = 256;
/** The share of a passage that the next one says again. */
const OVERLAP = 1 / 8;

/** The tokens that a model reads of a text; null when it reads all of it. */
export function windowOf({ runtime, maxTokens }: ModelCard): number | null {
  switch (runtime) {
    case "words":
      return null;
    case "static":
    case "onnx":
    case "remote":
      return maxTokens ?? USUAL_TOKENS;
  }
}

/** The most tokens of a passage; null when nothing is to be divided. */
export function passageTokens(card: ModelCard, long: LongTexts): number | null {
  switch (long) {
    case "cut":
      return null;
    case "average":
      return windowOf(card);
    case "split":
      return windowOf(card) ?? PAGE_TOKENS;
  }
}

/**
 * The passages of each text that is longer than the model's window, null for a text that fits. Tokens are counted by the
 * model's own tokenizer, or estimated where there is none.
 * @throws LensError "model" when the tokenizer cannot be read
 */
export async function passagesOf(
  { model, texts, long }: { model: LocalModel; texts: string[]; long: LongTexts },
  signal: AbortSignal,
): Promise<(Passage[] | null)[]> {
  const card = textSideOf(model.card) ?? model.card;
  const limit = passageTokens(card, long);
  if (limit === null) return texts.map(() => null);
  const length = await counterOf({ card, folder: model.folder });
  const overlap = Math.floor(limit * OVERLAP);
  return texts.map((text) => {
    signal.throwIfAborted();
    return length(text) <= limit ? null : splitPassages(text, { limit, overlap, length });
  });
}

/** How many tokens of the window a text takes, the model's prefix and special tokens included. */
async function counterOf(model: LocalModel): Promise<(text: string) => number> {
  const { prefix = "", runtime } = model.card;
  switch (runtime) {
    case "words":
    case "remote":
      return (text) => estimatedTokens(prefix + text);
    case "static": {
      const tokenizer = await tokenizerOf(tokenizerFolder(model));
      return (text) => tokenizer.encodeBare(prefix + text, Infinity).ids.length;
    }
    case "onnx": {
      const tokenizer = await tokenizerOf(tokenizerFolder(model));
      return (text) => tokenizer.encode(prefix + text, Infinity).ids.length;
    }
  }
}

let last: { folder: string; tokenizer: Promise<TextTokenizer> } | null = null;

/** The tokenizer of a folder, kept until another one is needed. */
function tokenizerOf(folder: string): Promise<TextTokenizer> {
  if (last?.folder !== folder) {
    const tokenizer = openTokenizer(folder);
    const opened = (last = { folder, tokenizer });
    tokenizer.catch(() => {
      if (last === opened) last = null;
    });
  }
  return last.tokenizer;
}
