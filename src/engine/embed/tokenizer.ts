import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Tokenizer } from "@huggingface/tokenizers";
import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";

export interface Tokens {
  ids: number[];
  /** More tokens followed that did not fit. */
  truncated: boolean;
}

/** A model's own way to cut a text into tokens. */
export interface TextTokenizer {
  /** Token ids with the model's special tokens, `limit` at most; the special tokens at the end are kept. */
  encode(text: string, limit: number): Tokens;
  /** The first `limit` tokens of the text alone, without special tokens. */
  encodeBare(text: string, limit: number): Tokens;
  /** What fills the shorter texts of a batch. */
  readonly padId: number;
  /** The token of unknown pieces; null when there is none. */
  readonly unknownId: number | null;
  /** Every token, by its id. */
  readonly tokens: readonly string[];
}

/** Tokens beyond the limit that are asked for before the start of a text is taken for the whole: the last ones may change. */
const MARGIN = 8;
/** Characters of the first piece of a long text, per token of the limit. */
const CHARACTERS_PER_TOKEN = 16;

/** Words whose tokens are kept: a language has few that are frequent, and each is some hundred bytes. */
const MOST_WORDS_KEPT = 50_000;
const LONGEST_WORD_KEPT = 40;

/**
 * Whether the tokens of a text are those of its words between blanks, one after the other: so for BERT's WordPiece, which
 * cleans and splits by single characters and never joins what a blank separates.
 */
function readsWordByWord({ model, normalizer, pre_tokenizer, added_tokens = [] }: TokenizerDefinition): boolean {
  return (
    model?.type === "WordPiece" &&
    pre_tokenizer?.type === "BertPreTokenizer" &&
    (normalizer === null || normalizer === undefined || normalizer.type === "BertNormalizer") &&
    !added_tokens.some(({ content }) => /\s/.test(content ?? ""))
  );
}

/** The folder of a model that holds its tokenizer.json: the model's own, unless its card says otherwise. */
export function tokenizerFolder({ card, folder }: LocalModel): string {
  const file = card.files.find(({ name }) => name.endsWith("/tokenizer.json"));
  return file === undefined ? folder : join(folder, dirname(file.name));
}

/**
 * Reads `tokenizer.json`, and `tokenizer_config.json` when it is there. The truncation and padding that stand in the file are
 * ignored: the model's card says how many tokens count.
 * @throws LensError "model" when the file is missing, damaged or of a kind that is not known
 */
export async function openTokenizer(folder: string): Promise<TextTokenizer> {
  const path = join(folder, "tokenizer.json");
  const definition = (await readObject(path)) as TokenizerDefinition;
  const settings = (await readObject(join(folder, "tokenizer_config.json"), {})) as { pad_token?: unknown };
  try {
    const { Tokenizer: Library } = await import("./tokenizer-library");
    const tokenizer = new Library({ ...definition, truncation: null, padding: null }, settings);
    return new HubTokenizer(tokenizer, definition, settings.pad_token);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LensError("model", `${path} is not a tokenizer that Embedding Lens can run: ${why}.`, { cause: error });
  }
}

/** The fields of tokenizer.json that are read here. */
interface TokenizerDefinition {
  model?: { type?: string; unk_token?: string | null; unk_id?: number | null };
  normalizer?: { type?: string } | null;
  pre_tokenizer?: { type?: string } | null;
  added_tokens?: { content?: string }[];
  padding?: { pad_id?: number } | null;
}

class HubTokenizer implements TextTokenizer {
  readonly padId: number;
  readonly unknownId: number | null;
  readonly tokens: readonly string[];
  private readonly before: number[];
  private readonly after: number[];
  /** Whether a capital sigma becomes σ: JavaScript makes it ς at the end of a word, the original never does. */
  private readonly lowersSigma: boolean;
  /** The ids of words that were seen; null where a word's tokens depend on its neighbours. */
  private readonly words: Map<string, number[]> | null;

  constructor(
    private readonly tokenizer: Tokenizer,
    definition: TokenizerDefinition,
    padToken: unknown,
  ) {
    const { model, padding } = definition;
    this.words = readsWordByWord(definition) ? new Map() : null;
    const pad =
      typeof padToken === "object" && padToken !== null ? (padToken as { content?: unknown }).content : padToken;
    this.padId = (typeof pad === "string" ? tokenizer.token_to_id(pad) : undefined) ?? padding?.pad_id ?? 0;
    const unknown = typeof model?.unk_token === "string" ? tokenizer.token_to_id(model.unk_token) : model?.unk_id;
    this.unknownId = unknown ?? null;
    this.lowersSigma = tokenizer.normalizer?.normalize("Σ").includes("σ") ?? false;
    const tokens: string[] = [];
    for (const [token, id] of tokenizer.get_vocab(true)) tokens[id] = token;
    this.tokens = tokens;
    [this.before, this.after] = this.specialTokens();
  }

  encode(text: string, limit: number): Tokens {
    const room = Math.max(0, limit - this.before.length - this.after.length);
    const { ids, truncated } = this.encodeBare(text, room);
    return { ids: [...this.before, ...ids, ...this.after], truncated };
  }

  encodeBare(text: string, limit: number): Tokens {
    // A book is not cut into tokens for the sake of its first page.
    for (let size = (limit + MARGIN) * CHARACTERS_PER_TOKEN; size < text.length; size *= 2) {
      const start = untilSpace(text, size);
      const ids = this.idsOf(start);
      if (ids.length >= limit + MARGIN) return { ids: ids.slice(0, limit), truncated: true };
    }
    const ids = this.idsOf(text);
    return ids.length > limit ? { ids: ids.slice(0, limit), truncated: true } : { ids, truncated: false };
  }

  private idsOf(text: string): number[] {
    const read = this.lowersSigma ? text.replaceAll("Σ", "σ") : text;
    if (this.words === null) return this.piecesOf(read);
    const ids: number[] = [];
    for (const word of read.split(/[ \t\r\n]+/)) {
      if (word === "") continue;
      const known = this.words.get(word);
      const pieces = known ?? this.piecesOf(word);
      if (known === undefined && word.length <= LONGEST_WORD_KEPT && this.words.size < MOST_WORDS_KEPT) {
        this.words.set(word, pieces);
      }
      for (const id of pieces) ids.push(id);
    }
    return ids;
  }

  private piecesOf(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The ids that the model puts before and after a text, seen on a short one. */
  private specialTokens(): [number[], number[]] {
    const bare = this.idsOf("a");
    const whole = this.tokenizer.encode("a", { add_special_tokens: true }).ids;
    const at = whole.findIndex((_, i) => bare.every((id, j) => whole[i + j] === id));
    return [whole.slice(0, at), whole.slice(at + bare.length)];
  }
}

/** The start of a text, up to the first white space after `size` characters. */
function untilSpace(text: string, size: number): string {
  const space = /\s/g;
  space.lastIndex = size;
  return text.slice(0, space.exec(text)?.index ?? text.length);
}

async function readObject(path: string, absent?: object): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (absent && (error as NodeJS.ErrnoException).code === "ENOENT") return absent;
    throw new LensError("model", `The model's tokenizer cannot be read: ${path}.`, { cause: error });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // said below
  }
  throw new LensError("model", `The model's tokenizer is damaged: ${path} is not JSON.`);
}
