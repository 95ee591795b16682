import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { copyWithColumn } from "../../../src/engine/tables/copy/copy";
import { openTable } from "../../../src/engine/tables/open";
import { cellText } from "../../../src/engine/tables/table";
import { realData } from "../../support/data";
import { fileOf, temporaryFolder } from "../../unit/tables/files";

const added = { name: "cluster", rows: Int32Array.of(2, 0), values: Int32Array.of(-1, 7) };

async function copyOf(
  name: string,
  content: string | Uint8Array,
  column = added,
): Promise<{ text: string; name: string }> {
  const target = join(await temporaryFolder(), "copy");
  const called = await copyWithColumn(await fileOf(name, content), { path: name }, column, target, {});
  return { text: (await readFile(target)).toString("latin1"), name: called };
}

describe("a copy with a column", () => {
  it("leaves all else of a CSV as it is: line ends, quotes, blank lines, ragged rows", async () => {
    const csv = '\xef\xbb\xbftext,label\r\n"a, ""b""\r\nc",x\r\n\r\nd\r\ne,y,beyond';
    const { text, name } = await copyOf("t.csv", Buffer.from(csv, "latin1"));
    assert.equal(name, "cluster");
    assert.equal(text, '\xef\xbb\xbftext,label,cluster\r\n"a, ""b""\r\nc",x,7\r\n\r\nd,,\r\ne,y,-1,beyond');
  });

  it("adds a field to each record of JSON Lines and JSON, and calls it otherwise when there is one", async () => {
    const lines = '{"text": "a" }\n\n{}\nbroken\n{"text":"c","Cluster":1}\n';
    const { text, name } = await copyOf("t.jsonl", lines, { ...added, rows: Int32Array.of(0, 3) });
    assert.equal(name, "cluster_2");
    assert.equal(
      text,
      '{"text": "a","cluster_2":-1 }\n\n{"cluster_2":null}\nbroken\n{"text":"c","Cluster":1,"cluster_2":7}\n',
    );
    const json = await copyOf("t.json", '[{"t":"a b"},\n {"t":"c d"},{"t":"e f"}]\n');
    assert.equal(json.text, '[{"t":"a b","cluster":7},\n {"t":"c d","cluster":null},{"t":"e f","cluster":-1}]\n');
  });

  it("keeps the data of a Parquet file and adds a column to each row group", async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "text", data: ["one", "two", "three"], type: "STRING" },
          { name: "n", data: [1.5, 2.5, 3.5], type: "DOUBLE" },
        ],
        rowGroupSize: 2,
      }),
    );
    const target = join(await temporaryFolder(), "copy.parquet");
    await copyWithColumn(await fileOf("t.parquet", bytes), {}, added, target, {});
    const table = await openTable(target);
    const { columns } = await table.read(["text", "n", "cluster"], Int32Array.of(0, 1, 2));
    assert.deepEqual(
      [0, 1, 2].map((at) => columns.map((column) => cellText(column, at))),
      [
        ["one", "1.5", "7"],
        ["two", "2.5", null],
        ["three", "3.5", "-1"],
      ],
    );
    await table.close();
    const { readParquet } = await import("parquet-wasm");
    const { tableFromIPC } = await import("apache-arrow");
    const arrow = tableFromIPC(readParquet(await readFile(target)).intoIPCStream());
    assert.deepEqual(
      arrow.toArray().map((row) => (row as { cluster: number | null }).cluster),
      [7, null, -1],
    );
  });

  it("is refused for files that have no place for it", async () => {
    await assert.rejects(copyOf("t.json", '{"a":["x y","z w"],"b":[1,2]}'), {
      reason: "source",
      message: /^A column can be added to CSV.*t\.json is another kind of file/,
    });
    await assert.rejects(copyOf("t.csv", "sentence\nYes, it is\nNo, it is not\nPerhaps\n"), {
      message: /one column whose texts hold commas/,
    });
  });

  const songs = realData("data/embeddings/songs49/embeddings.parquet");
  it("works on a file that others wrote", { skip: songs.skip }, async () => {
    const target = join(await temporaryFolder(), "copy.parquet");
    const rows = Int32Array.from({ length: 49 }, (_, i) => i);
    await copyWithColumn(songs.path, {}, { name: "cluster", rows, values: rows }, target, {});
    const [before, after] = [await openTable(songs.path), await openTable(target)];
    const names = before.columns.map(({ name }) => name);
    assert.deepEqual(
      after.columns.map(({ name }) => name),
      [...names, "cluster"],
    );
    assert.deepEqual(await after.read(names, rows), await before.read(names, rows));
    assert.equal(cellText((await after.read(["cluster"], rows)).columns[0]!, 48), "48");
    await Promise.all([before.close(), after.close()]);
  });
});
