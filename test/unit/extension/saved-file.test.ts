import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Engine } from "../../../src/engine/client";
import { metadataName, suggestedName } from "../../../src/extension/save-names";
import { pageOf, savedFiles, type Shown } from "../../../src/extension/saved-file";
import { savedPage } from "../../../src/extension/saved-page";
import { LensError } from "../../../src/protocol/errors";
import type { ExportFormat } from "../../../src/protocol/panel";
import type { MetaColumn } from "../../../src/protocol/result";
import { record, result } from "./fixtures";

const engine = {
  texts: (_: unknown, index: Int32Array) => Promise.resolve(Array.from(index, (i) => `text ${i}`)),
  vectors: () => Promise.resolve({ rows: 3, cols: 2, data: Float32Array.of(0, 1, 10, 11, 20, 21) }),
  matrix: () => Promise.resolve({ index: Int32Array.of(0, 1, 2), triangle: Float32Array.of(1, 2, 3, 4, 5, 6) }),
} as unknown as Engine;

type Saved = Exclude<ExportFormat, "copy">;

const shown = (change: Partial<Shown> = {}): Shown => ({
  job: { recipe: record().recipe, base: "/data" },
  result: result(3),
  view: "map",
  drawn: null,
  order: "given",
  ...change,
});
const signal = new AbortController().signal;
const textOf = async (format: Saved, change: Partial<Shown> = {}): Promise<string[]> => {
  const files = await savedFiles(engine, shown(change), format, "/data/out-vectors.tsv", signal);
  return files.map(({ content }) =>
    typeof content === "string" ? content : [...(content as Iterable<string>)].join(""),
  );
};
/** The float32 values of a npy file. */
const valuesOf = async (format: Saved, change: Partial<Shown> = {}): Promise<number[]> => {
  const [file] = await savedFiles(engine, shown(change), format, "/data/out.npy", signal);
  const [, data] = file!.content as [Uint8Array, Uint8Array];
  return [...new Float32Array(data.slice().buffer)];
};
const selection = Int32Array.of(2, 0);

describe("a saved file", () => {
  it("has both maps, the shared neighbours and the rank of what two models have in common", async () => {
    const comparison = {
      model: { id: "other", name: "Other", dims: 4, tensor: "mean" },
      index: Int32Array.of(0, 2),
      only: [1, 0] as [number, number],
      skipped: [],
      k: 10,
      overlap: Float32Array.of(0.5, 0.25),
      mean: 0.375,
      axes: [Float32Array.of(7, 8), Float32Array.of(9, 6)],
      disparity: 0.1,
      shift: Float32Array.of(0.125, 1.5),
      moved: Int32Array.of(1, 0),
      fingerprint: "f1",
    };
    const compared = { view: "compare" as const, comparison };
    assert.deepEqual((await textOf("csv", compared))[0]?.split("\r\n"), [
      "id,label,path,line,text,overlap,moved,rank,x,y,x2,y2",
      "a.txt:1,greeting,a.txt,1,text 10,0.5,0.125,2,0,0,7,9",
      "a.txt:3,,a.txt,3,text 12,0.25,1.5,1,2,0,8,6",
      "",
    ]);
    const some = (await textOf("csv", { ...compared, selection: Int32Array.of(1, 2) }))[0]?.split("\r\n");
    assert.deepEqual(
      some?.map((line) => line.split(",")[0]),
      ["id", "a.txt:3", ""],
    );
    const three = result(3);
    const meta: MetaColumn[] = [{ name: "rank", kind: "number", value: Float64Array.of(7, 8, 9) }];
    const rows = { ...three, items: { ...three.items, placeKind: "row" as const, meta } };
    assert.deepEqual(
      (await textOf("csv", { ...compared, result: rows }))[0]?.split("\r\n").map((line) => line.split(",").slice(11)),
      [["y2", "rank_2"], ["9", "7"], ["6", "9"], []],
      "with the dataset's other columns",
    );
    const flat = { ...comparison, axes: [], shift: new Float32Array(0), disparity: null };
    const [head, first] = (await textOf("csv", { ...compared, comparison: flat }))[0]!.split("\r\n");
    assert.equal(head, "id,label,path,line,text,overlap,moved,rank");
    assert.equal(first, "a.txt:1,greeting,a.txt,1,text 10,0.5,,2");
    assert.equal(suggestedName(shown(compared), "csv"), "a-compare.csv");
    assert.equal(suggestedName(shown(compared), "json"), "a-map.json");
    assert.equal(suggestedName(shown({ ...compared, comparison: null }), "csv"), "a-map.csv");
  });

  it("holds the selected items only, in whatever format", async () => {
    assert.deepEqual(
      (await textOf("csv", { selection }))[0]?.split("\r\n").map((line) => line.split(",")[0]),
      ["id", "a.txt:3", "a.txt:1", ""],
    );
    const lines = (await textOf("jsonl", { selection }))[0]!.trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [
        { id: "a.txt:3", label: null, path: "a.txt", line: 3, text: "text 12", x: 2, y: 0, vector: [20, 21] },
        { id: "a.txt:1", label: "greeting", path: "a.txt", line: 1, text: "text 10", x: 0, y: 0, vector: [0, 1] },
      ],
    );
    assert.deepEqual(await valuesOf("npy", { selection }), [2, 0, 0, 0]);
    assert.deepEqual(await valuesOf("vectors", { selection }), [20, 21, 0, 1]);
    assert.deepEqual(await valuesOf("npy", { selection, view: "similarity" }), [6, 3, 3, 1]);
    const json = JSON.parse((await textOf("json", { selection }))[0]!) as { items: { id: string }[] };
    assert.deepEqual(
      json.items.map(({ id }) => id),
      ["a.txt:3", "a.txt:1"],
    );
  });

  it("has the columns of the dataset, read again where the panel lacks some, unless the file has changed", async () => {
    const asked: number[][] = [];
    const dataset = {
      ...engine,
      fingerprint: () => Promise.resolve("f1"),
      columns: (_: unknown, index: Int32Array) => {
        asked.push([...index]);
        return Promise.resolve([{ name: "url", kind: "category", values: ["u2", "u0"], code: Int32Array.of(0, 1) }]);
      },
    } as unknown as Engine;
    const three = result(3);
    const rows = (meta: MetaColumn[]): Shown =>
      shown({ result: { ...three, items: { ...three.items, placeKind: "row", meta } }, selection });
    const saved = async (format: Saved, of: Shown): Promise<string> => {
      const [file] = await savedFiles(dataset, of, format, "/data/out", signal);
      return [...(file!.content as Iterable<string>)].join("");
    };
    const lacking = rows([{ name: "url", kind: "text" }]);
    assert.match(await saved("csv", lacking), /cluster,url\r\n.*,u2\r\n.*,u0\r\n$/);
    assert.match(await saved("json", lacking), /"columns":\{"url":"u2"\}/);
    assert.match(await saved("jsonl", lacking), /"url":"u2","vector"/);
    assert.deepEqual(
      asked,
      [1, 2, 3].map(() => [12, 10]),
    );
    const whole = rows([{ name: "n", kind: "number", value: Float64Array.of(5, 6, 7) }]);
    assert.match(await saved("csv", whole), /cluster,n\r\n.*,7\r\n.*,5\r\n$/);
    assert.equal(asked.length, 3);
    await assert.rejects(saved("csv", { ...lacking, result: { ...lacking.result, fingerprint: "f0" } }), /has changed/);
  });

  it("of a heatmap has no rows that a filter leaves out, nor others than the selected ones", async () => {
    const heatmap = { view: "similarity" as const, order: "label" as const, kept: Uint8Array.of(1, 0, 1) };
    assert.deepEqual(await valuesOf("npy", heatmap), [1, 3, 3, 6]);
    assert.deepEqual(await valuesOf("npy", { ...heatmap, selection: Int32Array.of(1) }), [4]);
    const rowsOf = async (change: Partial<Shown>): Promise<number[] | null> => {
      const { matrix, texts } = await pageOf(engine, shown({ ...heatmap, ...change }), signal);
      assert.equal(texts?.length, 3);
      return matrix && [...matrix.index];
    };
    assert.deepEqual(await rowsOf({}), [0, 2]);
    assert.deepEqual(await rowsOf({ selection: Int32Array.of(1, 2) }), [1, 2]);
    await assert.rejects(rowsOf({ kept: new Uint8Array(3) }), /No row of the heatmap is left/);
    // A map keeps what a filter leaves out: there it is a faint point.
    assert.equal((await textOf("csv", heatmap))[0]!.trim().split("\r\n").length, 4);
  });

  it("as a page of a heatmap has the groups of the order in which it is shown", async () => {
    const htmlOf = async (order: Shown["order"]): Promise<string> => {
      const { index, triangle } = await engine.matrix({} as never, 3);
      const matrix = { index, triangle, total: 3, metric: "cosine" as const };
      const page = { title: "", result: result(3), texts: null, matrix, order, chartScript: "" };
      const html = await savedPage({ ...page, thumbnail: () => Promise.resolve(null) });
      return /<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(html)![1]!;
    };
    const { spec } = JSON.parse(await htmlOf("label")) as { spec: { data: { name: string; values: object[] }[] } };
    const groups = spec.data.find(({ name }) => name === "groups")?.values as { name: string; from: number }[];
    assert.deepEqual(
      groups.map(({ name, from }) => [name, from]),
      [
        ["greeting", 0],
        ["(no label)", 1],
      ],
    );
    assert.doesNotMatch(await htmlOf("given"), /"name":"groups"/);
  });

  it("as a page has the colours of the panel, with their scale and the value of each point", async () => {
    const value = Float64Array.of(1_990, 2_000.5, 2_010);
    const three = result(3);
    const meta = [{ name: "year", kind: "number" as const, value }];
    const colored = { ...three, items: { ...three.items, meta } };
    const coloredBy = async (colorBy?: string): Promise<{ spec: object; tooltips: string[] }> => {
      const page = {
        title: "",
        result: colored,
        colorBy,
        texts: null,
        matrix: null,
        order: "given" as const,
        chartScript: "",
      };
      const html = await savedPage({ ...page, thumbnail: () => Promise.resolve(null) });
      const [, payload] = /<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(html)!;
      return JSON.parse(payload!) as { spec: object; tooltips: string[] };
    };
    const page = await coloredBy("meta:year");
    assert.match(JSON.stringify(page.spec), /"title":"year"/);
    assert.match(JSON.stringify(page.spec), /"type":"gradient"/);
    assert.match(page.tooltips[1]!, /^year: 2,001$/m);
    const usual = await coloredBy();
    assert.doesNotMatch(JSON.stringify(usual.spec), /gradient/);
    assert.deepEqual(await coloredBy("meta:gone"), usual);
    assert.doesNotMatch(usual.tooltips[1]!, /year/);
  });

  it("of the projector is two files: vectors, and metadata beside them", async () => {
    const [tensors, metadata] = await textOf("tsv");
    assert.equal(tensors, "0\t1\n10\t11\n20\t21\n");
    assert.match(metadata ?? "", /^id\tlabel\tpath\tline\ttext\tx\ty\na\.txt:1\tgreeting/);
    assert.equal(metadataName("/d/mail-vectors.tsv"), "/d/mail-metadata.tsv");
    assert.equal(metadataName("/d/mail.tsv"), "/d/mail-metadata.tsv");
  });

  it("of vectors is refused when the source has other items by now", async () => {
    await assert.rejects(
      savedFiles(engine, shown({ result: result(2) }), "vectors", "/data/out.npy", signal),
      (error) => error instanceof LensError && /has changed/.test(error.message),
    );
  });

  it("is named after its source, its content and the selection", () => {
    assert.equal(suggestedName(shown(), "csv"), "a-map.csv");
    assert.equal(suggestedName(shown({ selection }), "parquet"), "a-map-selection.parquet");
    assert.equal(suggestedName(shown(), "vectors"), "a-vectors.npy");
    assert.equal(suggestedName(shown(), "copy"), "a-clusters.txt");
    assert.equal(suggestedName(shown(), "recipe"), "a.lens.json");
    assert.equal(suggestedName(shown({ view: "network" }), "svg"), "a-network.svg");
    assert.equal(suggestedName(shown({ view: "network" }), "csv"), "a-map.csv");
    const heatmap = shown({ view: "similarity" });
    for (const format of ["png", "svg", "html", "npy", "json"] as const)
      assert.equal(suggestedName(heatmap, format), `a-similarity.${format}`);
    for (const format of ["csv", "jsonl", "parquet", "arrow"] as const)
      assert.equal(suggestedName(heatmap, format), `a-map.${format}`);
    // Of some items a JSON file has no matrix.
    assert.equal(suggestedName({ ...heatmap, selection }, "json"), "a-map-selection.json");
  });
});
