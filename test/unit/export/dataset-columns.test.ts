import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { exportCsv, exportJson, lacksColumns, selectItems } from "../../../src/export";
import { arrowFile } from "../../../src/export/tables/arrow";
import { resultTable, type ExportTable } from "../../../src/export/tables/columns";
import { jsonLines } from "../../../src/export/tables/jsonl";
import { parquetFile } from "../../../src/export/tables/parquet";
import { projectorFiles } from "../../../src/export/tables/projector";
import type { MetaColumn, RunResult } from "../../../src/protocol/result";
import { resultOf } from "./fixture";

const DAY = Date.parse("2024-02-29");
const META: MetaColumn[] = [
  { name: "x", kind: "number", value: Float64Array.of(1_234_567_890.5, NaN, -2) },
  { name: "X_2", kind: "category", values: ["=1+1", 'say "hi",'], code: Int32Array.of(0, 1, -1) },
  { name: "on", kind: "date", value: Float64Array.of(DAY, DAY + 1, NaN) },
  { name: "ok", kind: "boolean", values: ["false", "true"], code: Int32Array.of(1, 0, -1) },
  { name: "=vector", kind: "text" },
  { name: "vector", kind: "category", values: ["a"], code: Int32Array.of(0, 0, 0) },
];

const texts = ["one", "two", "three"];
const rowsOf = (meta: MetaColumn[], change: Partial<RunResult> = {}): RunResult => {
  const result = resultOf(texts, change);
  return { ...result, items: { ...result.items, placeKind: "row", meta } };
};
const table = (): ExportTable => {
  const vectors = { rows: 3, cols: 2, data: new Float32Array(6) };
  return resultTable(rowsOf(META), { texts, vectors });
};
const NAMES = ["id", "label", "path", "row", "text", "x", "y", "x_3", "X_2", "on", "ok", "vector_2", "vector"];

describe("the columns of a dataset in a file", () => {
  it("stand after those of the run, under names of their own, guarded like texts", () => {
    const csv = exportCsv(
      selectItems(
        rowsOf([...META, { name: "=f()", kind: "date", value: Float64Array.of(0, 0, 0) }]),
        Int32Array.of(1, 0),
      ),
      ["two", "one"],
    );
    assert.equal(csv.split("\r\n")[0], "id,label,path,row,text,x,y,cluster,x_3,X_2,on,ok,vector,'=f()");
    const rows: string[][] = parse(csv, { record_delimiter: "\r\n" });
    assert.deepEqual(rows[1]!.slice(8), ["", 'say "hi",', "2024-02-29T00:00:00.001Z", "false", "a", "1970-01-01"]);
    assert.deepEqual(rows[2]!.slice(8), ["1234567890.5", "'=1+1", "2024-02-29", "true", "a", "1970-01-01"]);
  });

  it("are fields of each item in the JSON file, under their own names", () => {
    const [first, , third] = exportJson(rowsOf(META), { texts }).items;
    assert.deepEqual(first!.columns, { x: 1_234_567_890.5, X_2: "=1+1", on: "2024-02-29", ok: true, vector: "a" });
    assert.deepEqual(third!.columns, { x: -2, X_2: null, on: null, ok: null, vector: "a" });
    assert.equal("columns" in exportJson(rowsOf([]), { texts }).items[0]!, false);
  });

  it("keep their kinds in Parquet and Arrow", async () => {
    const bytes = parquetFile(table());
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const [row, , empty] = (await parquetReadObjects({ file })) as Record<string, unknown>[];
    assert.deepEqual(Object.keys(row!), NAMES);
    assert.deepEqual(
      NAMES.slice(7, 12).map((name) => row![name]),
      [1_234_567_890.5, "=1+1", new Date(DAY), true, "a"],
    );
    assert.deepEqual(
      [empty!["X_2"], empty!["on"], empty!["ok"]].map((value) => value ?? null),
      [null, null, null],
    );
    const arrow = tableFromIPC(arrowFile(table()));
    const record = arrow.get(0)!.toJSON() as Record<string, unknown>;
    assert.deepEqual(Object.keys(record), NAMES);
    assert.deepEqual(
      NAMES.slice(7, 12).map((name) => record[name]),
      [1_234_567_890.5, "=1+1", DAY, true, "a"],
    );
    assert.equal(arrow.get(2)!.toJSON()["ok"], null);
  });

  it("are fields of JSON Lines and of the projector's metadata", () => {
    const [first, second] = [...jsonLines(table())].map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(Object.keys(first!), NAMES);
    assert.deepEqual([first!["x_3"], first!["on"], first!["ok"]], [1_234_567_890.5, "2024-02-29", true]);
    assert.equal(second!["x_3"], null);
    const [header, line] = [...projectorFiles(table()).metadata];
    assert.equal(header!.trim().split("\t").slice(7).join(), "x_3,X_2,on,ok,vector_2");
    assert.equal(line!.trim().split("\t").slice(7).join(), "1234567890.5,=1+1,2024-02-29,true,a");
  });

  it("are read again only where a result lacks some of them", () => {
    const [number, category, date, boolean, text] = META as [
      MetaColumn,
      MetaColumn,
      MetaColumn,
      MetaColumn,
      MetaColumn,
    ];
    assert.equal(lacksColumns(rowsOf([number, category, date, boolean])), false);
    assert.equal(lacksColumns(rowsOf([text])), true);
    assert.equal(lacksColumns(rowsOf([{ ...category, code: Int32Array.of(0, -2, 0) } as MetaColumn])), true);
    assert.equal(lacksColumns(rowsOf([{ ...category, values: ["a".repeat(200)] } as MetaColumn])), true);
    assert.equal(lacksColumns(rowsOf([], { columns: { text: null, label: null, image: "picture" } })), true);
    assert.equal(lacksColumns(resultOf(texts, { columns: { text: null, label: null, image: "picture" } })), false);
  });
});
