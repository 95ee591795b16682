import { rowsOf } from "./groups";
import { cellText, type Block, type Column, type ColumnData } from "./table";

/** What the columns of a table are, by name. Columns that are none of these are metadata. */
export interface Roles {
  /** What is embedded, or shown beside a ready vector. */
  text: string | null;
  label: string | null;
  id: string | null;
  /** Paths or URLs of pictures. */
  image: string | null;
  /** A ready vector. */
  vector: string | null;
  /** Ready coordinates: two or three number columns, or one vector column of two or three values. */
  coordinates: string[] | null;
  metadata: string[];
}

/** What is known of a column from the first rows. */
interface Profile {
  column: Column;
  words: string;
  cells: string[];
  distinct: number;
  length: number;
}

const IMAGE = /\.(jpe?g|png|webp|gif|avif|tiff?)([?#].*)?$/i;
/** Four words or more. */
const SENTENCE = /^\S+(\s+\S+){3}/;
const URL_OR_PATH = /^([a-z][a-z0-9+.-]*:\/\/\S+|(\.{0,2}[\\/])\S*|[a-z]:\\\S*)$/i;
const TEXT_NAMES = [
  /\b(text|sentence|content|body|document|utterance|question|query|prompt|review|message|tweet|comment|passage|chunk)s?\b/,
  /\b(description|title|plot|abstract|summary|headline|caption|post|name|word|token|track|term|answer)s?\b/,
];
const LABEL_NAMES = [
  /\b(label|category|categories|class|intent|topic|target|species|genre|sentiment)s?\b/,
  /\b(cluster|group|type|kind|tag|section|source|language|lang|split|gender|rating)s?\b/,
];
const NOT_TEXT = /\b(id|uuid|hash|date|time|url|path|lang|language|model|type|version|status|mbid)s?\b/;
const ID_NAME = /^(_?id|.*[_ -]id|key|uuid|guid|doi|isbn|index)$/;
const VECTOR_NAMES = /\b(embedding|vector|emb|vec|feature)s?\b/;
const AXES: readonly (readonly RegExp[])[] = [
  [
    /^(umap|tsne|t-sne|pca|pc|proj(ection)?|coord(inate)?|map|embedding)?[ _-]?x$/,
    /^(umap|tsne|t-sne|pca|pc|proj(ection)?|coord(inate)?|map|embedding)?[ _-]?y$/,
    /^(umap|tsne|t-sne|pca|pc|proj(ection)?|coord(inate)?|map|embedding)?[ _-]?z$/,
  ],
  [
    /^(umap|tsne|t-sne|pca|pc|comp(onent)?|dim|x)[ _-]?1$/,
    /^(umap|tsne|t-sne|pca|pc|comp(onent)?|dim|x)[ _-]?2$/,
    /^(umap|tsne|t-sne|pca|pc|comp(onent)?|dim|x)[ _-]?3$/,
  ],
  [
    /^(umap|tsne|t-sne|pca|pc|comp(onent)?|dim|x)[ _-]?0$/,
    /^(umap|tsne|t-sne|pca|pc|comp(onent)?|dim|x)[ _-]?1$/,
    /^(umap|tsne|t-sne|pca|pc|comp(onent)?|dim|x)[ _-]?2$/,
  ],
];

/**
 * Guesses what the columns are from their names, types and first rows.
 * @param columns of the table, groups of number columns included
 * @param head the first rows of all these columns, some hundred
 */
export function guessRoles(columns: readonly Column[], head: Block): Roles {
  const members = new Set(columns.flatMap(({ of = [] }) => of));
  const free = columns.flatMap((column, i) =>
    members.has(column.name) ? [] : [profileOf(column, head.columns[i]!, rowsOf(head))],
  );
  const vector = best(free, vectorScore);
  const coordinates = axesOf(free) ?? flatVector(free, vector);
  const taken = new Set<string>([...(vector ? [vector] : []), ...(coordinates ?? [])]);
  const rest = (): Profile[] => free.filter(({ column }) => !taken.has(column.name));
  const take = (score: (profile: Profile) => number): string | null => {
    const name = best(rest(), score);
    if (name !== null) taken.add(name);
    return name;
  };
  const image = take(imageScore);
  const text = take(textScore) ?? take(repeatedText);
  const label = take(labelScore);
  const id = take(idScore);
  return {
    text,
    label,
    id,
    image,
    vector: coordinates?.length === 1 && coordinates[0] === vector ? null : vector,
    coordinates,
    metadata: rest().map(({ column }) => column.name),
  };
}

function profileOf(column: Column, data: ColumnData, rows: number): Profile {
  const cells: string[] = [];
  for (let i = 0; i < rows; i++) {
    const cell = data.type === "vector" ? null : cellText(data, i)?.trim();
    if (cell) cells.push(cell);
  }
  return {
    column,
    words: column.name
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replace(/[_.-]+/g, " ")
      .toLowerCase()
      .trim(),
    cells,
    distinct: new Set(cells).size,
    length: cells.reduce((sum, cell) => sum + cell.length, 0) / Math.max(1, cells.length),
  };
}

function best(profiles: readonly Profile[], score: (profile: Profile) => number): string | null {
  let name: string | null = null;
  let highest = 0;
  for (const profile of profiles) {
    const points = score(profile);
    if (points > highest) {
      highest = points;
      name = profile.column.name;
    }
  }
  return name;
}

const share = ({ cells }: Profile, pattern: RegExp): number =>
  cells.filter((cell) => pattern.test(cell)).length / Math.max(1, cells.length);

function vectorScore({ column, words }: Profile): number {
  if (column.type !== "vector" || column.dims < 2) return 0;
  return (VECTOR_NAMES.test(words) ? 2 : 1) + Math.min(column.dims, 10_000) / 10_001;
}

function imageScore(profile: Profile): number {
  if (profile.column.type !== "text" || profile.cells.length === 0) return 0;
  const images = share(profile, IMAGE);
  return images < 0.8 ? 0 : images + (/image|picture|photo|path|file/.test(profile.words) ? 1 : 0);
}

function textScore(profile: Profile): number {
  const { column, words, cells, distinct, length } = profile;
  if (column.type !== "text" || cells.length === 0) return 0;
  if (share(profile, URL_OR_PATH) > 0.5) return 0;
  const named = TEXT_NAMES.findIndex((pattern) => pattern.test(words));
  const variety = distinct / cells.length;
  const spaced = share(profile, /\S\s+\S/);
  if (NOT_TEXT.test(words) && spaced < 0.5) return 0;
  if (named < 0 && (spaced < 0.5 || (variety < 0.5 && cells.length >= 10))) return 0;
  if (variety < 0.2 && cells.length >= 20) return 0;
  const name = named === 0 ? 3 : named === 1 ? 1.5 : LABEL_NAMES.some((pattern) => pattern.test(words)) ? -0.5 : 0;
  return Math.max(0.01, 1 + name + variety + spaced + Math.min(2, Math.log10(1 + length)));
}

/** Where there is nothing better: a column that is called "text" and nothing else, else sentences of which more than half repeat. */
function repeatedText(profile: Profile): number {
  const { column, words, cells, distinct } = profile;
  if (column.type !== "text" || cells.length === 0) return 0;
  if (TEXT_NAMES[0]!.exec(words)?.[0] === words) return 1 + cells.length;
  const isNamed = NOT_TEXT.test(words) || LABEL_NAMES.some((pattern) => pattern.test(words));
  return !isNamed && distinct / cells.length >= 0.2 && share(profile, SENTENCE) > 0.5 ? 1 : 0;
}

function labelScore(profile: Profile): number {
  const { column, words, cells, distinct, length } = profile;
  if (cells.length === 0 || ID_NAME.test(column.name.toLowerCase())) return 0;
  if (column.type !== "text" && column.type !== "number" && column.type !== "boolean" && column.type !== "list")
    return 0;
  const named = LABEL_NAMES.findIndex((pattern) => pattern.test(words));
  const recurs = distinct <= Math.max(2, cells.length / 2);
  const whole = column.type !== "number" || cells.every((cell) => /^-?\d+$/.test(cell));
  if (!whole || length > 60 || share(profile, URL_OR_PATH) > 0.5) return 0;
  if (column.type === "list" && named < 0) return 0;
  if (named < 0 && (!recurs || distinct < 2 || column.type === "number")) return 0;
  const type = column.type === "text" ? 1.2 : column.type === "list" ? 0.3 : column.type === "boolean" ? 0.4 : 0;
  return (named === 0 ? 2 : named === 1 ? 1 : 0.5) + type + (recurs && distinct > 1 ? 1 : 0);
}

function idScore({ column, cells, distinct }: Profile): number {
  const name = column.name.toLowerCase();
  if ((column.type !== "text" && column.type !== "number") || cells.length === 0 || distinct < cells.length) return 0;
  if (!ID_NAME.test(name) && !/^unnamed: 0$|^column_1$/.test(name)) return 0;
  return /^_?id$|^uuid$|^key$/.test(name) ? 2 : 1;
}

/** Number columns named as the axes of a map. */
function axesOf(profiles: readonly Profile[]): string[] | null {
  const numbers = profiles.filter(({ column }) => column.type === "number").map(({ column }) => column.name);
  for (const patterns of AXES) {
    const axes = patterns.map((pattern) => numbers.filter((name) => pattern.test(name.toLowerCase())));
    const [x, y, z] = axes;
    if (x?.length !== 1 || y?.length !== 1) continue;
    return z?.length === 1 && z[0] !== y[0] ? [x[0]!, y[0]!, z[0]!] : [x[0]!, y[0]!];
  }
  return null;
}

/** The only vector of a table, when it has two or three values: it is a place on a map already. */
function flatVector(profiles: readonly Profile[], vector: string | null): string[] | null {
  const found = profiles.find(({ column }) => column.name === vector);
  return found && found.column.dims <= 3 && !found.column.of ? [found.column.name] : null;
}
