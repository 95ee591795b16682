import { zip, type ZipEntry } from "../unit/tables/files";

const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = (all: readonly [id: string, type: string, target: string][]): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`)
    .join("")}</Relationships>`;

export interface TestSheet {
  name: string;
  /** The XML of its rows. */
  rows: string;
  /** What follows the rows. */
  after?: string;
  state?: string;
}

export interface TestWorkbook {
  sheets: readonly TestSheet[];
  /** The XML of the shared texts: "<si>…</si>". */
  texts?: string;
  /** Ids of the number formats of the styles, in order. */
  formats?: readonly number[];
  /** Own formats: id → code. */
  codes?: Record<number, string>;
  date1904?: boolean;
  /** Changes the entries of the archive. */
  change?: (entries: ZipEntry[]) => ZipEntry[];
}

/** The bytes of a workbook. */
export function xlsx({ sheets, texts, formats = [], codes = {}, date1904, change }: TestWorkbook): Uint8Array {
  const codesXml = Object.entries(codes).map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`);
  const parts: Record<string, string> = {
    "_rels/.rels": relations([["r", "officeDocument", "xl/workbook.xml"]]),
    "xl/_rels/workbook.xml.rels": relations([
      ...sheets.map((_, i): [string, string, string] => [`s${i}`, "worksheet", `worksheets/sheet${i}.xml`]),
      ["t", "sharedStrings", "/xl/sharedStrings.xml"],
      ["f", "styles", "styles.xml"],
    ]),
    "xl/workbook.xml": `<workbook ${MAIN} xmlns:r="${REL}"><workbookPr${date1904 ? ' date1904="1"' : ""}/><sheets>${sheets
      .map(
        ({ name, state }, i) =>
          `<sheet name="${name}" sheetId="${i}" r:id="s${i}"${state ? ` state="${state}"` : ""}/>`,
      )
      .join("")}</sheets></workbook>`,
    "xl/sharedStrings.xml": `<sst ${MAIN}>${texts ?? ""}</sst>`,
    "xl/styles.xml": `<styleSheet ${MAIN}><numFmts>${codesXml.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${formats
      .map((id) => `<xf numFmtId="${id}"/>`)
      .join("")}</cellXfs></styleSheet>`,
  };
  sheets.forEach(({ rows, after = "" }, i) => {
    parts[`xl/worksheets/sheet${i}.xml`] = `<worksheet ${MAIN}><sheetData>${rows}</sheetData>${after}</worksheet>`;
  });
  const entries = Object.entries(parts).map(([name, text]) => ({ name, data: Buffer.from(text), deflate: true }));
  return zip(change ? change(entries) : entries);
}

/** A row of plain cells: texts stand in them, numbers as they are; null leaves a cell out. */
export const cells = (row: number, values: readonly (string | number | null)[]): string =>
  `<row r="${row}">${values
    .map((value, i) => {
      const place = `${String.fromCharCode(65 + i)}${row}`;
      if (value === null) return "";
      return typeof value === "number"
        ? `<c r="${place}"><v>${value}</v></c>`
        : `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`;
    })
    .join("")}</row>`;
