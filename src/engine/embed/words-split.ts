/** Looks up lower-case words; -1 when one isn't known. */
export interface Words {
  indexOf(word: string): number;
}

/** Letters, marks and digits, joined by single apostrophes, hyphens and underscores. */
const COMPOUND = /[\p{L}\p{M}\p{N}]+(?:['_-][\p{L}\p{M}\p{N}]+)*/gu;
const INVISIBLE = /[\u00AD\u200B-\u200D\u2060\uFEFF]/g;
const APOSTROPHES = /[\u2018\u2019\u02BC\uFF07]/g;
const HYPHENS = /[\u2010\u2011]/g;
/** A web address: scheme or www, host and path, then a query and a fragment that hold no words. */
const URL = /\b(?:[a-z][a-z+.-]*:\/\/(?:www\.)?|www\.)([^\s?#<>"]*)(?:[?#][^\s<>"]*)?/giu;
/** Where a camelCase or alphanumeric word changes: "camelCase", "HTMLParser", "covid19". */
const HUMPS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u;
const ORDINAL = /^\d+(st|nd|rd|th)$/i;
/** A Latin letter with an accent. */
const ACCENTED = /[\u00C0-\u024F\u1E00-\u1EFF]/;

/** The word that an English clitic stands for; "" for the possessive or "is", which carries nothing. */
const CLITICS: Readonly<Record<string, string>> = { s: "", ll: "will", re: "are", ve: "have", d: "would", m: "am" };
const NEGATED: Readonly<Record<string, string>> = { ca: "can", wo: "will", sha: "shall", ai: "" };

/**
 * The words of a text that a vocabulary of lower-case words knows, as its indices, in the order of the text, repeated ones repeated.
 * Case is folded. A compound ("state-of-the-art", "e-mail", "snake_case", "iPhone") is one word if it is known as it stands or
 * joined, else its parts are taken; contractions are spelt out ("don't": do, not); an accent is dropped when only the plain
 * word is known ("café"); of a web address the host and the path count; numbers count only within words.
 */
export function wordsOf(text: string, words: Words): number[] {
  const found: number[] = [];
  let plain = text;
  if (/[^\x00-\x7F]/.test(plain)) {
    plain = plain.normalize("NFC").replace(INVISIBLE, "").replace(APOSTROPHES, "'").replace(HYPHENS, "-");
  }
  if (plain.includes("://") || /www\./i.test(plain)) plain = plain.replace(URL, " $1 ");
  for (const compound of plain.match(COMPOUND) ?? []) addCompound(compound, words, found);
  return found;
}

function addCompound(compound: string, words: Words, found: number[]): void {
  if (addKnown(compound, words, found)) return;
  if (!/['_-]/.test(compound)) return addHumps(compound, words, found);
  const expanded = expand(compound.toLowerCase());
  if (expanded) {
    const [base, added] = expanded;
    addCompound(compound.slice(0, base.length), words, found);
    for (const word of added) addKnown(word, words, found);
    return;
  }
  if (!compound.includes("_") && addKnown(compound.replace(/['-]/g, ""), words, found)) return;
  for (const part of compound.split(/['_-]/)) addCompound(part, words, found);
}

/** The part of a contraction before what was contracted, and what that stands for: "don't" → ["do", ["not"]]; null when it is none. */
function expand(word: string): [base: string, added: string[]] | null {
  const [, base, clitic] = /^(.+)'([a-z]+)$/.exec(word) ?? [];
  if (base === undefined || clitic === undefined) return null;
  if (clitic === "t" && base.endsWith("n")) {
    const verb = base.slice(0, -1);
    return Object.hasOwn(NEGATED, verb) ? ["", [NEGATED[verb]!, "not"]] : [verb, ["not"]];
  }
  return Object.hasOwn(CLITICS, clitic) ? [base, [CLITICS[clitic]!]] : null;
}

/** The parts of a word that isn't known: "parseHTML", "covid19". */
function addHumps(word: string, words: Words, found: number[]): void {
  if (ORDINAL.test(word)) return;
  const parts = word.split(HUMPS);
  if (parts.length > 1) for (const part of parts) addKnown(part, words, found);
}

function addKnown(word: string, words: Words, found: number[]): boolean {
  const folded = word.toLowerCase();
  let index = words.indexOf(folded);
  if (index === -1 && ACCENTED.test(folded)) index = words.indexOf(folded.normalize("NFD").replace(/\p{M}/gu, ""));
  if (index !== -1) found.push(index);
  return index !== -1;
}
