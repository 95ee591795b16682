import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { describe, it, test } from "node:test";
import { openDataset } from "../../../src/engine/tables/dataset";
import { openTable } from "../../../src/engine/tables/open";
import { SeveralTables } from "../../../src/engine/tables/several";
import { folderOf, load } from "../../support/sources";
import { sqlite } from "../../support/sqlite";
import { bytesOf, columnsOf, fileOf, readAll, rowsOf, textRows, withTable } from "./files";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const failure = (name: string, content: Uint8Array): Promise<string> =>
  withTable(name, content, readAll).then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );

describe("an SQLite table", () => {
  it("has numbers, texts, dates, truth values, and vectors as blobs of floats and doubles or as JSON", async () => {
    const vector = (i: number): number[] => [0.125 * i, -0.3, 1e-3 * i, 2.5];
    const bytes = await sqlite(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, text, at DATETIME, ok BOOLEAN, f BLOB, d, j TEXT, b BLOB)",
      [
        "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        numbers(5).map((i) => [
          ...[i + 10, `text ${i}`, `2024-05-0${i + 1} 12:00:00`, i % 2],
          ...[bytesOf(Float32Array.from(vector(i))), bytesOf(Float64Array.from(vector(i))), JSON.stringify(vector(i))],
          Buffer.from("GIF89a and what follows"),
        ]),
      ],
    );
    assert.deepEqual(await columnsOf("t.sqlite", bytes), [
      ...[
        "id: number",
        "text: text",
        "at: date",
        "ok: boolean",
        "f: vector 4",
        "d: vector 4",
        "j: vector 4",
        "b: other",
      ],
    ]);
    const [, second] = await textRows("t.sqlite", bytes);
    const read = "[0.125, -0.30000001192092896, 0.0010000000474974513, 2.5]";
    assert.deepEqual(second, [
      "11",
      "text 1",
      "2024-05-02T12:00:00.000Z",
      "true",
      read,
      read,
      read,
      "GIF89a and what follows",
    ]);
  });

  it("tells doubles of round numbers from floats", async () => {
    const bytes = await sqlite("CREATE TABLE t(v)", [
      "INSERT INTO t VALUES (?)",
      numbers(4).map((i) => [bytesOf(Float64Array.of(i, 0.5, -3))]),
    ]);
    assert.deepEqual(await columnsOf("t.db", bytes), ["v: vector 3"]);
  });

  it("takes pictures, texts and blobs of many lengths for no vectors", async () => {
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61", "hex").subarray(
      0,
      32,
    );
    const bytes = await sqlite("CREATE TABLE t(png, text, lengths)", [
      "INSERT INTO t VALUES (?, ?, ?)",
      numbers(6).map((i) => [png, Buffer.from("sixteen letters!"), bytesOf(new Float32Array(2 + i).fill(0.5))]),
    ]);
    assert.deepEqual(await columnsOf("t.db", bytes), ["png: other", "text: other", "lengths: other"]);
  });

  it("names a vector of another length and one that is missing, and keeps the rest", async (t) => {
    const bytes = await sqlite("CREATE TABLE t(v)", [
      "INSERT INTO t VALUES (?)",
      [[1, 2, 3], [4, 5], null, [6, 7, 8], [NaN, 1, 1], [9, 9, 9]].map((v) => [v && bytesOf(Float32Array.from(v))]),
    ]);
    const set = await load(folderOf(t, { "t.sqlite3": bytes }), {
      kind: "vectors",
      paths: ["t.sqlite3"],
      columns: { vector: "v", map: null },
    });
    assert.equal(set.items.length, 3);
    assert.deepEqual(
      set.skipped.map(({ place, reason }) => [place, reason]),
      [
        [2, "its vector has 2 values, the others have 3"],
        [3, "it has no vector"],
        [5, "its vector holds a value that is no number (NaN or null)"],
      ],
    );
  });

  const made = (table: string, rows: readonly (readonly unknown[])[], ...more: string[]): Promise<Uint8Array> =>
    sqlite(table, [`INSERT INTO t VALUES (${rows[0]!.map(() => "?").join()})`, rows], ...more);
  const some = numbers(500).map((i) => [`row ${i}`, i]);
  const kinds: Record<string, Promise<Uint8Array>> = {
    "row numbers in a row": made("CREATE TABLE t(text, n)", some),
    "row numbers with gaps": made(
      "CREATE TABLE t(text, n)",
      numbers(700).map((i) => [`row ${i}`, i]),
      "DELETE FROM t WHERE n % 7 = 3",
    ),
    "no row numbers": made("CREATE TABLE t(text, n PRIMARY KEY) WITHOUT ROWID", some),
    "a column called rowid": made(
      "CREATE TABLE t(text, rowid)",
      some.map(([text, n]) => [text, -Number(n)]),
    ),
    "the least and the greatest row number": made("CREATE TABLE t(text, n INTEGER PRIMARY KEY)", [
      ...[
        ["a", -(2n ** 63n)],
        ["b", 0],
        ["c", 2n ** 63n - 1n],
      ],
    ]),
  };
  for (const [name, bytes] of Object.entries(kinds)) {
    it(`reads any rows, the same as in one go: ${name}`, async () => {
      await withTable("t.sqlite", await bytes, async (table) => {
        const all = await readAll(table);
        const count = await table.count();
        const wanted = Int32Array.from(numbers(count).filter((i) => i % 13 === 2 || i % 50 < 3 || i === count - 1));
        const block = await table.read(["text"], wanted);
        const texts = rowsOf(all, count).map(([text]) => text);
        assert.deepEqual(
          rowsOf(block, wanted.length).flat(),
          Array.from(wanted, (row) => texts[row]),
        );
        assert.equal(new Set(texts).size, count);
      });
    });
  }

  it("is drawn as a seeded sample, and says of how many rows", async (t) => {
    const bytes = await sqlite(
      "CREATE TABLE t(text)",
      "INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 30000) SELECT 'text number ' || i FROM c",
    );
    const base = folderOf(t, { "t.db": bytes });
    const set = await load(base, { kind: "vectors", paths: ["t.db"], sample: 100 });
    assert.equal(set.items.length, 100);
    assert.equal(set.total, 30_000);
    const again = await load(base, { kind: "vectors", paths: ["t.db"], sample: 100 });
    assert.deepEqual(again.items, set.items);
  });

  it("has to be named when several have rows; empty ones, views and virtual tables are none", async () => {
    const bytes = await sqlite(
      "CREATE TABLE first(a); INSERT INTO first VALUES ('x'); CREATE TABLE empty(a)",
      "CREATE VIEW seen AS SELECT 1 AS a; CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('hello')",
    );
    assert.deepEqual(await textRows("t.sqlite", bytes), [["x"]]);
    const two = await sqlite(
      'CREATE TABLE "a b"(x); INSERT INTO "a b" VALUES (1); CREATE TABLE c(y); INSERT INTO c VALUES (2)',
    );
    const file = await fileOf("two.db", two);
    await assert.rejects(openTable(file, { path: "two.db" }), (error: SeveralTables) => {
      assert.deepEqual(error.parts, ["a b", "c"]);
      assert.equal(error.message, "two.db holds several tables: “a b”, “c”. Name one of them.");
      return true;
    });
    assert.deepEqual(await textRows("two.db", two, { part: "C" }), [["2"]]);
    const parts = await withTable("two.db", two, (table) => Promise.resolve(table.parts), { part: "c" });
    assert.deepEqual(parts, { names: ["a b", "c"], chosen: "c" });
    assert.equal(await withTable("t.db", bytes, (table) => Promise.resolve(table.parts)), undefined);
    await assert.rejects(openTable(file, { path: "two.db", part: "z" }), {
      message: "two.db has no table “z”. Its tables: “a b”, “c”.",
    });
  });

  it("leaves out columns that would have to be computed, and says so", async () => {
    const bytes = await sqlite(
      "CREATE TABLE t(a, b AS (a || '!'), c AS (a || '?') STORED); INSERT INTO t(a) VALUES ('x')",
    );
    await withTable("t.db", bytes, async (table) => {
      assert.deepEqual(rowsOf(await readAll(table), 1), [["x", "x?"]]);
      assert.deepEqual(table.notes, ["t.db: the column “b” would have to be computed; it is left out."]);
    });
  });

  it("is known by its first bytes when its name says nothing", async () => {
    const file = await fileOf("notes", await sqlite("CREATE TABLE t(text); INSERT INTO t VALUES ('one line of text')"));
    const { table, roles } = await openDataset(file);
    assert.equal(roles.text, "text");
    await table.close();
  });
});

describe("an SQLite file that cannot be shown is one sentence", () => {
  const rows = numbers(300).map((i) => [`${i} ${"long ".repeat(50)}`]);
  const whole = sqlite("CREATE TABLE t(text)", ["INSERT INTO t VALUES (?)", rows]);

  it("another kind of file, or an encrypted one", async () => {
    assert.equal(
      await failure("t.db", Buffer.from("not a database at all")),
      "t.db does not start as an SQLite database: it is another kind of file, or encrypted. Save it as SQLite, without a password.",
    );
  });

  it("one that is cut off, anywhere", async () => {
    const bytes = await whole;
    for (const length of [50, 3_000, 8_192, bytes.length - 1]) {
      assert.match(await failure("t.db", bytes.slice(0, length)), /^t\.db ends before its data does/);
    }
  });

  it("one with a damaged page", async () => {
    const bytes = (await whole).slice();
    bytes.fill(0xff, 4_096 * 2, 4_096 * 9);
    assert.match(
      await failure("t.db", bytes),
      /^t\.db is an SQLite database that cannot be read \(.*malformed\)\. Copy/,
    );
  });

  it("one without tables, or without rows", async () => {
    assert.match(
      await failure("t.db", await sqlite("CREATE VIEW v AS SELECT 1")),
      /^t\.db is a database without tables/,
    );
    assert.equal(await failure("t.db", await sqlite("CREATE TABLE t(a)")), "t.db has no rows in any table: “t”.");
  });

  it("one that is being written", async () => {
    const file = await fileOf("t.db", await whole);
    await writeFile(`${file}-journal`, Buffer.alloc(512));
    await (await openTable(file)).close();
    await writeFile(`${file}-journal`, Buffer.from("d9d505f920a163d7", "hex"));
    await assert.rejects(
      openTable(file, { path: "t.db" }),
      /^LensError: A program is writing into t\.db, or ended while/,
    );
  });

  it("one that changes while it is read", async () => {
    const file = await fileOf("t.db", await whole);
    const table = await openTable(file, { path: "t.db" });
    await writeFile(file, (await whole).slice(0, -4_096));
    await assert.rejects(
      table.read(["text"], Int32Array.of(0)),
      /t\.db (changed while|is an SQLite database that cannot)/,
    );
    await table.close();
  });
});

test("changes that lie in a log beside the database are told", async () => {
  const file = await fileOf("t.db", await sqlite("CREATE TABLE t(text); INSERT INTO t VALUES ('x')"));
  await writeFile(`${file}-wal`, Buffer.alloc(100));
  const table = await openTable(file, { path: "t.db" });
  assert.deepEqual(table.notes, [
    "t.db-wal holds the latest changes of t.db, which are not shown: close the program that has it open, then open it again.",
  ]);
  await table.close();
});
