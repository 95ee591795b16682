import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { openTable } from "../../../src/engine/tables/open";
import type { SeveralTables } from "../../../src/engine/tables/several";
import { cells, xlsx, type TestSheet, type TestWorkbook } from "../../support/xlsx";
import { columnsOf, fileOf, readAll, rowsOf, temporaryFolder, textRows, withTable, zip } from "./files";

const one = (rows: string, more: Partial<TestSheet> & Omit<TestWorkbook, "sheets"> = {}): Uint8Array => {
  const { after, ...workbook } = more;
  return xlsx({ ...workbook, sheets: [{ name: "Data", rows, ...(after !== undefined && { after }) }] });
};
const HEADER = cells(1, ["text", "label", "n"]);
const DATA = HEADER + cells(2, ["a b", "x", 1]) + cells(3, ["c d", "y", 2.5]);
const failure = (content: Uint8Array, name = "t.xlsx"): Promise<string> =>
  withTable(name, content, readAll).then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );

describe("an Excel sheet", () => {
  it("has columns named by its first row", async () => {
    assert.deepEqual(await columnsOf("t.xlsx", one(DATA)), ["text: text", "label: text", "n: number"]);
    assert.deepEqual(await textRows("t.xlsx", one(DATA)), [
      ["a b", "x", "1"],
      ["c d", "y", "2.5"],
    ]);
  });

  it("has texts that are shared, of several fonts, with escapes and entities, and without how they are spoken", async () => {
    const texts =
      '<si><t>plain</t></si><si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and not</t></r></si>' +
      '<si><t>\u6771\u4eac</t><rPh sb="0" eb="2"><t>\u3068\u3046</t></rPh></si><si><t>a_x000D_\n&lt;b&gt; &amp; _x005F_</t></si>';
    const rows = [0, 1, 2, 3].map((i) => `<row><c t="s"><v>${i}</v></c><c t="str"><f>A1</f><v>f${i}</v></c></row>`);
    assert.deepEqual(await textRows("t.xlsx", one(rows.join(""), { texts }), { header: false }), [
      ["plain", "f0"],
      ["bold and not", "f1"],
      ["\u6771\u4eac", "f2"],
      ["a\r\n<b> & _", "f3"],
    ]);
  });

  it("has truth values, and dates by the format of a number, in both calendars; errors and durations are no dates", async () => {
    const row = (n: number): string =>
      `<row><c t="b"><v>1</v></c><c s="1"><v>${n}</v></c><c s="2"><v>${n}.5</v></c><c s="3"><v>${n}</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2024-01-02T03:04:05</v></c><c s="4"><v>${n}</v></c></row>`;
    const styles = {
      formats: [0, 14, 164, 165, 166],
      codes: { 164: "yyyy\\-mm\\-dd hh:mm", 165: "[h]:mm", 166: "0.0&quot;days&quot;;[Red]0" },
    };
    const rows = cells(1, ["ok", "day", "time", "lasts", "bad", "iso", "unit"]) + row(45_292) + row(59) + row(61);
    const read = await textRows("t.xlsx", one(rows, styles));
    const iso = "2024-01-02T03:04:05.000Z";
    assert.deepEqual(read, [
      ["true", "2024-01-01", "2024-01-01T12:00:00.000Z", "45292", null, iso, "45292"],
      ["true", "1900-02-28", "1900-02-28T12:00:00.000Z", "59", null, iso, "59"],
      ["true", "1900-03-01", "1900-03-01T12:00:00.000Z", "61", null, iso, "61"],
    ]);
    const [[, later] = []] = await textRows("t.xlsx", one(rows, { ...styles, date1904: true }));
    assert.equal(later, "2028-01-02");
  });

  it("leaves out empty rows and columns, and a title above the table, and says so", async () => {
    const rows =
      cells(1, ["All that we know"]) +
      '<row r="2"><c r="A2" s="1"/></row>' +
      cells(4, [null, "text", null, "n"]) +
      cells(6, [null, "a b", null, 1]) +
      cells(7, [null, "c d", null, 2]);
    await withTable("t.xlsx", one(rows), async (table) => {
      assert.deepEqual(
        table.columns.map(({ name }) => name),
        ["text", "n"],
      );
      assert.deepEqual(rowsOf(await readAll(table), 2), [
        ["a b", "1"],
        ["c d", "2"],
      ]);
      assert.deepEqual(table.notes, ["t.xlsx: a title above the table of “Data” is left out."]);
    });
  });

  it("repeats the value of cells that are merged over rows", async () => {
    const rows =
      HEADER + cells(2, ["a", "x", 1]) + cells(3, ["b", null, 2]) + cells(4, ["c", null, 3]) + cells(5, ["d", null, 4]);
    const after = '<mergeCells><mergeCell ref="B2:B4"/><mergeCell ref="nonsense"/></mergeCells>';
    const read = await textRows("t.xlsx", one(rows, { after }));
    assert.deepEqual(
      read.map(([, label]) => label),
      ["x", "x", "x", null],
    );
  });

  it("says of formulas that nothing has computed", async () => {
    const rows =
      cells(1, ["text", "sum"]) +
      '<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2"><f>1+1</f><v/></c></row>';
    await withTable("t.xlsx", one(rows), async (table) => {
      await table.count();
      assert.match(
        table.notes.join(),
        /^t\.xlsx: 1 formula has no value yet and is shown as empty: open the workbook in Excel/,
      );
    });
  });

  it("reads any rows, the same as in one go, and a vector written in a cell", async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => cells(i + 2, [`text ${i}`, `[${i}, 0.5, -1, 2]`, i]));
    await withTable("t.xlsx", one(HEADER + rows.join("")), async (table) => {
      assert.equal(table.columns[1]?.type, "vector");
      const all = rowsOf(await readAll(table), 3_000);
      const wanted = Int32Array.of(0, 1, 70, 1_500, 2_999);
      const block = await table.read(["text", "label", "n"], wanted);
      assert.deepEqual(
        rowsOf(block, 5),
        Array.from(wanted, (row) => all[row]),
      );
    });
  });

  it("has to be named when several have rows; hidden and empty ones are not asked about", async () => {
    const sheets = [
      { name: "Notes", rows: "" },
      { name: "First", rows: DATA },
      { name: "Secret", rows: DATA, state: "hidden" },
    ];
    assert.equal((await textRows("t.xlsx", xlsx({ sheets }))).length, 2);
    const three = xlsx({ sheets: [...sheets, { name: "Last", rows: HEADER + cells(2, ["z", "z", 9]) }] });
    const file = await fileOf("t.xlsx", three);
    await assert.rejects(openTable(file, { path: "t.xlsx" }), (error: SeveralTables) => {
      assert.deepEqual(error.parts, ["First", "Last"]);
      assert.equal(error.message, "t.xlsx holds several sheets: “First”, “Last”. Name one of them.");
      return true;
    });
    assert.deepEqual(await textRows("t.xlsx", three, { part: "last" }), [["z", "z", "9"]]);
    const parts = await withTable("t.xlsx", three, (table) => Promise.resolve(table.parts), { part: "last" });
    assert.deepEqual(parts, { names: ["First", "Last"], chosen: "Last" });
    assert.equal((await textRows("t.xlsx", three, { part: "Secret" })).length, 2);
    await assert.rejects(
      openTable(file, { path: "t.xlsx", part: "no" }),
      /^LensError: t\.xlsx has no sheet “no”\. Its sheets: “Notes”, /,
    );
  });
});

describe("a workbook that cannot be shown is one sentence", () => {
  const compound = Buffer.from("d0cf11e0a1b11ae1", "hex");

  it("another kind of file, the old format, one with a password", async () => {
    assert.equal(
      await failure(Buffer.from("name;value\n")),
      "t.xlsx is not an Excel workbook: it does not start as one.",
    );
    assert.equal(
      await failure(Buffer.concat([compound, Buffer.alloc(600)]), "t.xls"),
      "t.xls is a workbook in Excel's format before 2007 (.xls): save it as .xlsx or CSV.",
    );
    const locked = Buffer.concat([
      compound,
      Buffer.alloc(1_000),
      Buffer.from("EncryptedPackage", "utf16le"),
      Buffer.alloc(100),
    ]);
    assert.equal(await failure(locked), "t.xlsx is protected by a password: save it without one.");
  });

  it("another zip archive, and one that is cut off", async () => {
    assert.equal(
      await failure(zip([{ name: "a.txt", data: Buffer.from("a") }])),
      "t.xlsx is a zip file without an Excel workbook.",
    );
    assert.match(
      await failure(one(DATA).slice(0, -30)),
      /^t\.xlsx is not an Excel workbook that can be read \(.*\)\. Copy or save it again\.$/,
    );
  });

  it("no rows, and a header alone", async () => {
    assert.equal(await failure(one("")), "t.xlsx has no rows.");
    assert.equal(await failure(one(HEADER)), "The sheet “Data” of t.xlsx has a header and no rows.");
  });

  it("broken XML, and XML that declares entities of its own", async () => {
    assert.match(await failure(one(`${DATA}<row><c>`)), /^t\.xlsx is not an Excel workbook that can be read \(/);
    const change: TestWorkbook["change"] = (entries) =>
      entries.map((entry) =>
        entry.name === "xl/worksheets/sheet0.xml"
          ? {
              ...entry,
              data: Buffer.from(
                `<!DOCTYPE a [<!ENTITY b "c">]>${Buffer.from(entry.data).toString().replace("a b", "&b;")}`,
              ),
            }
          : entry,
      );
    assert.match(await failure(one(DATA, { change })), /^t\.xlsx is not an Excel workbook that can be read \(.*entity/);
  });

  const bomb = (data: Buffer, part: string, claims?: number): Uint8Array =>
    one(DATA, {
      change: (entries) =>
        entries.map((entry) =>
          entry.name === part ? { ...entry, data, ...(claims !== undefined && { claims }) } : entry,
        ),
    });

  it("a part that unpacks to far more than its size, or to more than it claims", async () => {
    const data = Buffer.alloc(40 << 20, " ");
    for (const part of ["xl/worksheets/sheet0.xml", "xl/sharedStrings.xml"]) {
      assert.match(
        await failure(bomb(data, part)),
        /^t\.xlsx \(.*\) would unpack to over 400 times its size, as no workbook does/,
      );
      assert.match(await failure(bomb(data, part, 1_000)), /^t\.xlsx is not an Excel workbook that can be read \(/);
    }
  });
});

test("a workbook that changes while it is read is an error", async () => {
  const file = await fileOf("t.xlsx", one(DATA));
  const table = await openTable(file, { path: "t.xlsx" });
  await writeFile(file, one(DATA + cells(4, ["new", "z", 3])));
  await assert.rejects(
    table.read(["text"], Int32Array.of(0)),
    /t\.xlsx (changed while it was being read|is not an Excel)/,
  );
  await table.close();
});

const PYTHON = ["/usr/bin/python3", "python3"].find((python) => {
  try {
    execFileSync(python, ["-c", "import openpyxl"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

test(
  "reads what openpyxl writes",
  { skip: PYTHON === undefined ? "python3-openpyxl is not installed" : false },
  async () => {
    const file = join(await temporaryFolder(), "py.xlsx");
    const script = `
import datetime, sys
from openpyxl import Workbook
w = Workbook(); s = w.active; s.append(["text", "n", "day", "ok"])
for i in range(40): s.append([f"caf\\u00e9 {i}\\nand more", i * 0.5, datetime.datetime(2024, 1, 1 + i % 28, 6), i % 2 == 0])
w.create_sheet("Empty"); w.save(sys.argv[1])`;
    execFileSync(PYTHON!, ["-c", script, file]);
    const bytes = readFileSync(file);
    assert.deepEqual(await columnsOf("py.xlsx", bytes), ["text: text", "n: number", "day: date", "ok: boolean"]);
    const read = await textRows("py.xlsx", bytes);
    assert.equal(read.length, 40);
    assert.deepEqual(read[3], ["caf\u00e9 3\nand more", "1.5", "2024-01-04T06:00:00.000Z", "false"]);
  },
);
