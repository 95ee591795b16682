import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { tableFromIPC as readArrow } from "@uwdata/flechette";
import { tableFromIPC as readIpc } from "apache-arrow";
import { readParquet } from "parquet-wasm/node";
import { arrowFile } from "../../../src/export/tables/arrow";
import { resultTable, type ExportTable } from "../../../src/export/tables/columns";
import { jsonLines } from "../../../src/export/tables/jsonl";
import { parquetFile } from "../../../src/export/tables/parquet";
import { projectorFiles } from "../../../src/export/tables/projector";
import { resultOf } from "./fixture";

const TEXTS = ["=1+1", "two\twords\nand a line", "käse"];
const VECTORS = { rows: 3, cols: 2, data: Float32Array.of(1, 2, 3, 4.5, -1e-9, 6) };

const table = (index?: Int32Array): ExportTable =>
  resultTable(resultOf(TEXTS, { cluster: Int32Array.of(0, 1, -1) }), {
    texts: TEXTS,
    vectors: VECTORS,
    ...(index && { index }),
  });

const NAMES = ["id", "label", "path", "line", "text", "x", "y", "cluster", "vector"];

it("the figures of single items are columns before the vector", () => {
  const figures = Float32Array.of(0.5, NaN, 1);
  const points = { trustworthiness: figures, continuity: figures, distanceCorrelation: figures, kept: figures };
  const quality = { k: 1, trustworthiness: 1, continuity: 1, neighborsKept: 1, sample: 3, points };
  const { columns } = resultTable(resultOf(TEXTS, { quality }), {
    texts: null,
    vectors: VECTORS,
    index: Int32Array.of(2, 1),
  });
  const last = columns.slice(-5);
  assert.deepEqual(
    last.map(({ name }) => name),
    ["trustworthiness", "continuity", "distanceCorrelation", "neighborsKept", "vector"],
  );
  assert.deepEqual(last[3]!.values, Float32Array.of(1, NaN));
});

/** A python with pandas, null when there is none. */
function python(): string | null {
  for (const name of ["/usr/bin/python3", "python3"]) {
    try {
      execFileSync(name, ["-c", "import pandas"], { stdio: "ignore" });
      return name;
    } catch {
      continue;
    }
  }
  return null;
}

describe("a result as a table", () => {
  it("is JSON Lines with exact texts", () => {
    const [first, second] = [...jsonLines(table())].map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(Object.keys(first!), NAMES);
    assert.deepEqual([first!["text"], first!["label"], first!["x"], first!["vector"]], ["=1+1", null, 0.1, [1, 2]]);
    assert.deepEqual([second!["text"], second!["cluster"], second!["line"]], [TEXTS[1], 1, 2]);
  });

  it("is Parquet that another reader understands", () => {
    const read = readIpc(readParquet(parquetFile(table())).intoIPCStream());
    assert.deepEqual(
      read.schema.fields.map(({ name }) => name),
      NAMES,
    );
    const row = read.get(2)!.toJSON() as Record<string, unknown>;
    assert.deepEqual([row["text"], row["label"], row["line"], row["cluster"]], ["käse", null, 3, -1]);
    assert.deepEqual(Array.from(row["vector"] as Iterable<number>), [...VECTORS.data.subarray(4)]);
  });

  it("is Arrow that another reader understands", () => {
    const read = readArrow(arrowFile(table()));
    assert.deepEqual(read.names, NAMES);
    const row = read.get(1) as Record<string, unknown>;
    assert.deepEqual([row["text"], row["label"], row["x"]], [TEXTS[1], null, Math.fround(1.1)]);
    assert.deepEqual(Array.from(row["vector"] as Iterable<number>), [3, 4.5]);
  });

  it("is the two files of the Embedding Projector", () => {
    const { tensors, metadata } = projectorFiles(table());
    assert.deepEqual([...tensors], ["1\t2\n", "3\t4.5\n", "-1e-9\t6\n"]);
    const [header, , second] = [...metadata];
    assert.equal(header, "id\tlabel\tpath\tline\ttext\tx\ty\tcluster\n");
    assert.equal(second!.split("\t")[4], "two words and a line");
  });

  it("holds the chosen items alone", () => {
    const lines = [...jsonLines(table(Int32Array.of(0, 2)))].map(
      (line) => JSON.parse(line) as { text: string; vector: number[] },
    );
    assert.deepEqual(
      lines.map(({ text, vector }) => [text, vector]),
      [
        ["=1+1", [1, 2]],
        ["käse", [-1e-9, 6]],
      ],
    );
  });

  const pandas = python();
  it("is JSON Lines that pandas reads", { skip: pandas === null ? "there is no pandas" : false }, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "export-"));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "t.jsonl"), [...jsonLines(table())].join(""));
    const script =
      "import pandas,sys; f=pandas.read_json(sys.argv[1],lines=True); print(list(f.text)==eval(sys.argv[2]), f.vector[1])";
    const out = execFileSync(pandas!, ["-c", script, join(folder, "t.jsonl"), JSON.stringify(TEXTS)], {
      encoding: "utf8",
    });
    assert.equal(out.trim(), "True [3, 4.5]");
  });
});
