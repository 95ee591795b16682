import assert from "node:assert/strict";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openTable } from "../../../src/engine/tables/open";
import { columnsOf, fileOf, readAll, rowsOf, temporaryFolder, textRows, withTable } from "./files";

describe("a CSV file", () => {
  it("keeps quotes, doubled quotes and line ends within cells", async () => {
    const text = 'text,label\r\n"a ""b"", c",x\r\n"two\nlines",y\r\nplain,z\r\n';
    assert.deepEqual(await textRows("t.csv", text), [
      ['a "b", c', "x"],
      ["two\nlines", "y"],
      ["plain", "z"],
    ]);
  });

  it("knows the line of each row, also after cells of several lines and blank lines", async () => {
    const text = 'text,label\n"one\ntwo\r\nthree",a\n\nfour,b\n\r\nfive,c';
    await withTable("t.csv", text, async (table) => {
      assert.deepEqual([...(await readAll(table)).lines!], [2, 6, 8]);
    });
  });

  for (const [name, delimiter] of [
    ["semicolons", ";"],
    ["tabs", "\t"],
    ["bars", "|"],
  ] as const) {
    it(`finds out that its cells are divided by ${name}`, async () => {
      const text = `text,x${delimiter}label\na,b${delimiter}one\nc,d,e${delimiter}two\n`;
      assert.deepEqual(await textRows("t.csv", text), [
        ["a,b", "one"],
        ["c,d,e", "two"],
      ]);
    });
  }

  it("takes the delimiter that is given, and the one Excel writes in a first line", async () => {
    assert.deepEqual(await textRows("t.csv", "text~n\nx~1\n", { delimiter: "~" }), [["x", "1"]]);
    assert.deepEqual(await textRows("t.csv", "sep=;\r\ntext;n\r\nx, y;1\r\n"), [["x, y", "1"]]);
  });

  it("reads a byte order mark, UTF-16 of both orders and Windows-1252", async () => {
    const text = "text,label\nkäse,ü\n";
    const want = [["käse", "ü"]];
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    assert.deepEqual(await textRows("t.csv", `\uFEFF${text}`), want);
    assert.deepEqual(await textRows("t.csv", utf16), want);
    assert.deepEqual(await textRows("t.csv", Buffer.from(utf16).swap16()), want);
    await withTable("t.csv", Buffer.from(text, "latin1"), async (table) => {
      assert.deepEqual(rowsOf(await readAll(table), 1), want);
      assert.match(table.notes.join(), /Windows-1252/);
    });
  });

  it("shows bytes that are no UTF-8 as such and goes on", async () => {
    const bytes = Buffer.concat([Buffer.from("text,label\nä ö ü,a\nb"), Buffer.from([0xff]), Buffer.from("d,e\n")]);
    assert.deepEqual(await textRows("t.csv", bytes), [
      ["ä ö ü", "a"],
      ["b\uFFFDd", "e"],
    ]);
  });

  it("fills rows that are too short and leaves out what is beyond the header, and says so of each row", async () => {
    await withTable("t.csv", "a,b,label\n1,2,x\n3\n4,5,y,6\n7,8,z\n9,1,w\n", async (table) => {
      assert.deepEqual(rowsOf(await readAll(table), 3), [
        ["1", "2", "x"],
        ["3", null, null],
        ["4", "5", "y"],
      ]);
      assert.deepEqual((await readAll(table)).odd, [
        { at: 1, what: "fewer cells than the 3 columns (the missing ones are empty)" },
        { at: 2, what: "more cells than the 3 columns (those beyond are left out)" },
      ]);
    });
  });

  it("tells numbers, truth values, dates, vectors and lists from texts", async () => {
    const text = [
      "text,n,yes,day,json,python,numpy,tags,zip",
      '"a b",1.5,true,2024-01-31,"[0.5, 1e-3]","[1.0, None]","[1. 2.]","[\'x\', \'y\']",00123',
      '"c d",,False,2024-02-01T10:00:00Z,"[1, 2]","[3.0, 4.0]","[ 3.5\n 4. ]","[\'z\']",04711',
    ].join("\n");
    assert.deepEqual(await columnsOf("t.csv", text), [
      "text: text",
      "n: number",
      "yes: boolean",
      "day: date",
      "json: vector 2",
      "python: vector 2",
      "numpy: vector 2",
      "tags: list",
      "zip: text",
    ]);
    const [first] = await textRows("t.csv", text);
    assert.deepEqual(first!.slice(1, 4), ["1.5", "true", "2024-01-31"]);
    assert.equal(first![7], "x, y");
  });

  it("names vectors that are missing, of another length or not finite, and keeps the others", async () => {
    const text =
      'text,vector\na,"[1, 2]"\nb,\nc,"[1, 2, 3]"\nd,"[NaN, 1]"\ne,"[Infinity, 1]"\nf,"[3, 4]"\ng,"[1, ..., 2]"\nh,"[5, 6]"\n' +
      'x,"[1, 1]"\n'.repeat(40);
    await withTable("t.csv", text, async (table) => {
      const [data] = (
        await table.read(
          ["vector"],
          Int32Array.from({ length: 8 }, (_, i) => i),
        )
      ).columns;
      assert(data?.type === "vector");
      assert.deepEqual([...data.values], [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 5, 6]);
      assert.deepEqual(
        data.bad.map(({ at, reason }) => `${at}: ${reason}`),
        [
          "1: it has no vector",
          "2: its vector has 3 values, the others have 2",
          "3: its vector holds a value that is no number (NaN or null)",
          "4: its vector holds an infinite value",
          "6: its vector was written in short form, with “...” in the middle",
        ],
      );
    });
  });

  it("reads any rows again in any order of calls, and only the columns asked for", async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `${i},"text\n${i}",${i % 7}`);
    await withTable("t.csv", `id,text,label\n${rows.join("\n")}\n`, async (table) => {
      const late = await table.read(["text"], Int32Array.of(3, 64, 65, 4_999));
      assert.deepEqual(rowsOf(late, 4), [["text\n3"], ["text\n64"], ["text\n65"], ["text\n4999"]]);
      assert.deepEqual([...late.lines!], [8, 130, 132, 10_000]);
      assert.deepEqual(rowsOf(await table.read(["label", "id"], Int32Array.of(10)), 1), [["3", "10"]]);
    });
  });

  it("says that it is empty, or that it has only a header", async () => {
    await assert.rejects(textRows("t.csv", ""), { reason: "source", message: "t.csv is empty." });
    await assert.rejects(textRows("t.csv", "\n\n"), { reason: "source", message: "t.csv has no rows." });
    await assert.rejects(textRows("t.csv", "text,label\n"), { message: "t.csv has a header and no rows." });
  });

  it("opens with one row, and with 10,000 columns", async () => {
    assert.deepEqual(await textRows("t.csv", "text,label\nx,y"), [["x", "y"]]);
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",");
    const cells = Array.from({ length: 10_000 }, (_, i) => i / 2).join(",");
    await withTable("t.csv", `${names}\n${cells}\n${cells}\n`, async (table) => {
      assert.equal(table.columns.length, 10_000);
      assert.deepEqual(rowsOf(await table.read(["c9999"], Int32Array.of(1)), 1), [["4999.5"]]);
    });
  });

  it("gives a quote that never closes its line, by name, and reads on", async () => {
    const text = `text,label\n${'"a,1",b\n'.repeat(20)}"open,c\n${"d,e\n".repeat(20)}`;
    await withTable("t.csv", text, async (table) => {
      const block = await readAll(table);
      assert.equal(await table.count(), 41);
      assert.deepEqual(block.broken, [{ at: 20, reason: "a quotation mark opens in it that never closes (line 22)" }]);
      assert.deepEqual(rowsOf(block, 22)[21], ["d", "e"]);
    });
  });

  it("names a quote that swallows lines, and none that holds them or that closes in its line", async () => {
    const text = 'text,label\n"two\nlines",a\n"open,b\nswallowed,c\n"fine",d\n"a" word,e\n"say ""a\nb""",f\n';
    await withTable("t.csv", text, async (table) => {
      const what =
        "a quotation mark that opens in it (line 4) closes lines later, amid a text: what is between is one cell";
      assert.deepEqual((await readAll(table)).odd, [{ at: 1, what }]);
    });
  });

  it("passes over a line that is too long to be held", async () => {
    const long = Buffer.alloc(40_000_000, "x");
    const bytes = Buffer.concat([Buffer.from("text,label\na,b\n"), long, Buffer.from("\nc,d\n")]);
    await withTable("t.csv", bytes, async (table) => {
      const block = await readAll(table);
      assert.deepEqual(block.broken, [{ at: 1, reason: "its line is too long to be read (line 3)" }]);
      assert.deepEqual(rowsOf(block, 3), [
        ["a", "b"],
        [null, null],
        ["c", "d"],
      ]);
      assert.deepEqual([...block.lines!], [2, 3, 4]);
    });
  });

  it("opens when its first row is longer than what is looked at, and says when it is too long to be read", async () => {
    const wide = `text,vector\na b,"[${Array.from({ length: 300_000 }, (_, i) => i).join(", ")}]"\n`;
    assert.deepEqual(await columnsOf("t.csv", wide), ["text: text", "vector: vector 300000"]);
    const endless = Buffer.concat([Buffer.from("text\n"), Buffer.alloc(20_000_000, "x")]);
    await assert.rejects(textRows("t.csv", endless), {
      message: "t.csv cannot be shown: its first row is too long to be read.",
    });
  });

  it("that is a link in a circle is a sentence", async () => {
    const file = join(await temporaryFolder(), "t.csv");
    await symlink(file, file);
    await assert.rejects(openTable(file, { path: "t.csv" }), {
      message: "t.csv: its symbolic links lead in a circle.",
    });
  });

  it("says that it changed while it was read", async () => {
    const file = await fileOf("t.csv", "text,label\na,b\nc,d\n");
    const table = await openTable(file, { path: "t.csv" });
    await table.count();
    await writeFile(file, "text,label\nanother,b\n");
    await assert.rejects(table.read(["text"], Int32Array.of(1)), {
      message: /^t\.csv changed while it was being read/,
    });
    await table.close();
  });

  it("stops within a pass when the user cancels", async () => {
    await withTable("t.csv", `text,label\n${"a,b\n".repeat(1_000_000)}`, async (table) => {
      const control = new AbortController();
      const counting = table.count({ signal: control.signal, report: () => control.abort() });
      await assert.rejects(counting, { name: "AbortError" });
    });
  });
});
