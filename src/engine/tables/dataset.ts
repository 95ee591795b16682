import { withCompanions, withTexts, type Companion } from "./companions";
import { GroupedTable, groupOf, vectorGroups } from "./groups";
import { openTable, type OpenOptions } from "./open";
import { guessRoles, type Roles } from "./roles";
import type { Block, ReadContext, Table } from "./table";

/** Rows that the roles of columns are guessed from. */
const HEAD_ROWS = 200;
/** With more columns than this only the first are looked at cell by cell. */
const HEAD_COLUMNS = 2_000;

/** Measures without a common name are a vector only from this many on, and only when there is nothing else. */
const LEAST_MEASURES = 3;

/** A table that is open, with what its columns are. */
export interface Dataset {
  table: Table;
  roles: Roles;
  /** The first rows of `table.columns` (the first 2,000 of them). */
  head: Block;
  /** The files whose columns were put to it. */
  companions: Companion[];
}

/**
 * Opens a file of rows or vectors, puts the texts beside it to it, gathers number columns into vectors, and guesses what the
 * columns are.
 * @param file absolute path
 * @throws LensError "source"
 */
export async function openDataset(file: string, options: OpenOptions = {}, ctx: ReadContext = {}): Promise<Dataset> {
  const first = await openTable(file, options);
  try {
    const own = await understand(first, ctx);
    const { texts } = options;
    if (texts === null) return { ...own, companions: [] };
    const lacksText = own.roles.text === null && (own.roles.vector !== null || own.roles.coordinates !== null);
    const isVectors =
      lacksText && !own.table.columns.some(({ name, type }) => type === "text" && name === own.roles.label);
    if (texts === undefined && (!isVectors || options.text !== undefined)) return { ...own, companions: [] };
    const { table, companions } = await (texts === undefined
      ? withCompanions(own.table, file, openTable, ctx)
      : withTexts(own.table, options.path ?? file, texts, openTable, ctx));
    if (companions.length === 0) return { ...own, companions };
    const joined = await understand(table, ctx);
    const key = companions.find(({ by }) => by)?.by?.[0];
    return { ...joined, roles: withId(joined.roles, key), companions };
  } catch (error) {
    await first.close();
    throw error;
  }
}

async function understand(opened: Table, ctx: ReadContext): Promise<{ table: Table; roles: Roles; head: Block }> {
  const groups = opened.columns.some(({ of }) => of) ? [] : vectorGroups(opened.columns);
  const table = groups.length > 0 ? new GroupedTable(opened, groups) : opened;
  const guess = await guessed(table, ctx);
  if (
    guess.roles.vector !== null ||
    guess.roles.coordinates !== null ||
    guess.roles.text !== null ||
    guess.roles.image !== null
  )
    return guess;
  const measures = table.columns.filter(
    ({ name, type }) => type === "number" && name !== guess.roles.id && name !== guess.roles.label,
  );
  if (measures.length < LEAST_MEASURES) return guess;
  return guessed(new GroupedTable(opened, [groupOf(measures.map(({ name }) => name))]), ctx);
}

async function guessed(table: Table, ctx: ReadContext): Promise<{ table: Table; roles: Roles; head: Block }> {
  const members = new Set(table.columns.flatMap(({ of = [] }) => of));
  const columns = table.columns.filter(({ name }) => !members.has(name)).slice(0, HEAD_COLUMNS);
  const head = await table.preview(
    columns.map(({ name }) => name),
    HEAD_ROWS,
    ctx,
  );
  return { table, head, roles: guessRoles(columns, head) };
}

/** The column by which a companion was found is the id, when no other is. */
function withId(roles: Roles, key: string | undefined): Roles {
  if (key === undefined || roles.id !== null || !roles.metadata.includes(key)) return roles;
  return { ...roles, id: key, metadata: roles.metadata.filter((name) => name !== key) };
}
