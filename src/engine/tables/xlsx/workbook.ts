import { posix } from "node:path";
import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { LensError } from "../../../protocol/errors";
import type { ByteSource } from "../source";
import { allEntries, openEntry, openZip } from "../zip";
import { isDateFormat, unescaped } from "./formats";
import { attribute, type Attributes, wholeXml, type XmlHandler } from "./xml";

const ENTRY_LIMIT = 10_000;
/** The most bytes that the texts of a workbook may unpack to: they have to be in memory. */
const TEXTS_LIMIT = 1 << 29;
/** The same for one sheet, which is read in pieces, and for the small parts. */
const SHEET_LIMIT = 2 ** 32;
const PART_LIMIT = 1 << 26;
/** What is larger and packed more than this was made to fill a memory or to take forever. */
const BOMB_BYTES = 1 << 24;
const BOMB_RATIO = 400;

export interface Sheet {
  name: string;
  /** Its file within the workbook. */
  part: string;
  hidden: boolean;
}

/** What all sheets of a workbook share. */
export interface Workbook {
  sheets: Sheet[];
  /** The texts that cells name by their number. */
  texts: readonly string[];
  /** Whether cells of a style are dates. */
  dates: readonly boolean[];
  from1904: boolean;
  /** The XML of a sheet. */
  open(sheet: Sheet): Promise<Readable>;
  /** Bytes of the XML of a sheet. */
  size(sheet: Sheet): number;
}

/** @throws LensError "source" for a workbook that would unpack to too much; Error of the libraries for a broken one */
export async function openWorkbook(source: ByteSource): Promise<Workbook> {
  const zip = await openZip(source);
  if (zip.entryCount > ENTRY_LIMIT)
    throw new LensError("source", `${source.path} has ${zip.entryCount} parts, too many for a workbook.`);
  const parts = new Parts(zip, await allEntries(zip), source.path);
  const main = (await parts.relations("")).find(({ type }) => type === "officeDocument")?.target;
  if (main === undefined || !parts.has(main))
    throw new LensError("source", `${source.path} is a zip file without an Excel workbook.`);
  const related = await parts.relations(main);
  const sheets: Sheet[] = [];
  let from1904 = false;
  await parts.read(main, PART_LIMIT, {
    open: (name, attributes) => {
      if (name === "workbookPr") from1904 = isTrue(attributes["date1904"]);
      if (name !== "sheet") return;
      const id = attribute(attributes, "id");
      const relation = related.find((one) => one.id === id);
      if (relation?.type !== "worksheet" || !parts.has(relation.target)) return;
      const hidden = /hidden/i.test(attributes["state"] ?? "");
      sheets.push({ name: attributes["name"] ?? `Sheet ${sheets.length + 1}`, part: relation.target, hidden });
    },
  });
  const partOf = (type: string): string | undefined =>
    related.find((one) => one.type === type && parts.has(one.target))?.target;
  const [textsPart, stylesPart] = [partOf("sharedStrings"), partOf("styles")];
  return {
    sheets,
    from1904,
    texts: textsPart === undefined ? [] : await readTexts(parts, textsPart),
    dates: stylesPart === undefined ? [] : await readDates(parts, stylesPart),
    open: ({ part }) => parts.open(part, SHEET_LIMIT),
    size: ({ part }) => parts.size(part),
  };
}

const isTrue = (value: string | undefined): boolean => value === "1" || value === "true";

interface Relation {
  id: string;
  /** The last word of its type: "worksheet". */
  type: string;
  target: string;
}

class Parts {
  private readonly entries: Map<string, Entry>;

  constructor(
    private readonly zip: ZipFile,
    entries: readonly Entry[],
    private readonly path: string,
  ) {
    this.entries = new Map(entries.map((entry) => [entry.fileName.toLowerCase(), entry]));
  }

  has(part: string): boolean {
    return this.entries.has(part.toLowerCase());
  }

  size(part: string): number {
    return this.entries.get(part.toLowerCase())?.uncompressedSize ?? 0;
  }

  async open(part: string, limit: number): Promise<Readable> {
    const entry = this.entries.get(part.toLowerCase());
    if (!entry) throw new Error(`it has no ${part}`);
    if (entry.uncompressedSize > limit) {
      throw new LensError(
        "source",
        `${this.path} (${part}) would unpack to ${Math.ceil(entry.uncompressedSize / 2 ** 20).toLocaleString("en-US")} MB, too much. Save the sheet as CSV.`,
      );
    }
    if (entry.isEncrypted()) throw new LensError("source", `${this.path} is encrypted: save it without a password.`);
    if (entry.uncompressedSize > BOMB_BYTES && entry.uncompressedSize > BOMB_RATIO * entry.compressedSize) {
      throw new LensError(
        "source",
        `${this.path} (${part}) would unpack to over ${BOMB_RATIO} times its size, as no workbook does: it is not read.`,
      );
    }
    return openEntry(this.zip, entry);
  }

  async read(part: string, limit: number, handler: XmlHandler): Promise<void> {
    await wholeXml(await this.open(part, limit), handler);
  }

  /** What a part refers to; the workbook itself for "". Links to other files are none. */
  async relations(part: string): Promise<Relation[]> {
    const folder = posix.dirname(part);
    const list = posix.join(folder, "_rels", `${posix.basename(part)}.rels`);
    const found: Relation[] = [];
    if (!this.has(list)) return found;
    await this.read(list, PART_LIMIT, {
      open: (name, { Id = "", Type = "", Target = "", TargetMode }: Attributes) => {
        if (name !== "Relationship" || TargetMode === "External") return;
        const target = Target.startsWith("/") ? Target.slice(1) : posix.join(folder, Target);
        found.push({ id: Id, type: Type.split("/").at(-1)!, target });
      },
    });
    return found;
  }
}

/** Texts with runs of several fonts are joined; how they are spoken (Japanese) is left out. */
async function readTexts(parts: Parts, part: string): Promise<string[]> {
  const texts: string[] = [];
  let text = "";
  let isText = false;
  let spoken = false;
  await parts.read(part, TEXTS_LIMIT, {
    open: (name) => {
      if (name === "si") text = "";
      else if (name === "rPh") spoken = true;
      else isText = name === "t" && !spoken;
    },
    text: (found) => {
      if (isText) text += found;
    },
    close: (name) => {
      if (name === "t") isText = false;
      else if (name === "rPh") spoken = false;
      else if (name === "si") texts.push(unescaped(text));
    },
  });
  return texts;
}

async function readDates(parts: Parts, part: string): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const dates: boolean[] = [];
  let within = false;
  await parts.read(part, PART_LIMIT, {
    open: (name, attributes) => {
      const id = Number(attributes["numFmtId"]);
      if (name === "numFmt") codes.set(id, attributes["formatCode"] ?? "");
      else if (name === "cellXfs") within = true;
      else if (name === "xf" && within) dates.push(isDateFormat(id, codes.get(id)));
    },
    close: (name) => {
      if (name === "cellXfs") within = false;
    },
  });
  return dates;
}
