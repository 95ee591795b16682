import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import sharp from "sharp";
import type { ResultFile } from "../../src/protocol/result";
import { HOSTILE } from "../unit/export/fixture";
import { readNpy } from "../unit/export/npy";
import { runCli, startCli, type CliEnd } from "../support/cli";

const SENTENCES = path.resolve("media/samples/sentences.txt");
let cwd = "";

before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens cli ü "));
  await copyFile(SENTENCES, path.join(cwd, "zwanzig Sätze.txt"));
});
after(() => rm(cwd, { recursive: true }));

/** A process that is too busy to end by itself in time ends by the signal: a shell shows 130 for it, too. */
function assertInterrupted({ status, signal, stderr }: CliEnd): void {
  assert.ok(status === 130 || signal === "SIGINT", `${status} ${signal} ${stderr}`);
}

const read = (name: string): Promise<Buffer> => readFile(path.join(cwd, name));

describe("embedding-lens, built", () => {
  test("map: the result is JSON on stdout, with a line for each sentence", async () => {
    const { status, stdout, stderr } = await runCli(["map", "zwanzig Sätze.txt", "--neighbors", "5"], { cwd });
    assert.equal(status, 0, stderr);
    const file = JSON.parse(stdout) as ResultFile;
    assert.equal(file.items.length, 20);
    assert.deepEqual(file.items[19], {
      id: "zwanzig Sätze.txt:20",
      label: null,
      path: "zwanzig Sätze.txt",
      line: 20,
      text: "Mastering languages is tough but fulfilling",
    });
    assert.ok(file.x?.length === 20 && file.y?.length === 20 && file.quality!.trustworthiness > 0.7);
    assert.match(stderr, /20 lines · glove-100d, 100-d · UMAP, trust 0\.\d\d · [\d.]+ s\n$/);
  });

  test("lines that are all the same are told so, without a figure of trust", async () => {
    const { status, stdout, stderr } = await runCli(["map", "-"], { cwd, stdin: Buffer.from("one\none\none\none\n") });
    assert.equal(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as ResultFile).quality, null);
    assert.match(stderr, /All 4 vectors are the same: their places say nothing\./);
    assert.doesNotMatch(stderr, /trust/);
  });

  test("--copy adds the cluster of each row to a copy of a dataset, of every kind that is text, and of Parquet", async () => {
    const texts =
      "the train was late,the bus was late,my parcel is lost,my order is broken,the plane was full,no".split(",");
    const rows = texts.map((text, i) => ({ text, label: i % 2 === 0 ? "a" : "b" }));
    const columns = [
      { name: "text", data: texts },
      { name: "label", data: rows.map(({ label }) => label) },
    ];
    const files = {
      ".csv": ["text,label", ...rows.map(({ text, label }) => `${text},${label}`)].join("\n"),
      ".tsv": ["text\tlabel", ...rows.map(({ text, label }) => `${text}\t${label}`)].join("\n"),
      ".jsonl": rows.map((row) => JSON.stringify(row)).join("\n"),
      ".json": JSON.stringify(rows),
      ".parquet": Buffer.from(parquetWriteBuffer({ columnData: columns })),
    };
    for (const [ending, bytes] of Object.entries(files)) {
      await writeFile(path.join(cwd, `daten${ending}`), bytes);
      const outs = ["--copy", `kopie${ending}`, "--out", `kopie${ending}.map.csv`];
      const { status, stderr } = await runCli(
        ["map", `daten${ending}`, "--text", "text", "--cluster", "kmeans", "--k", "2", ...outs],
        { cwd },
      );
      assert.equal(status, 0, stderr);
      const again = await runCli(["map", `kopie${ending}`, "--text", "text", "--label", "cluster"], { cwd });
      assert.equal(again.status, 0, again.stderr);
      const labels = (JSON.parse(again.stdout) as ResultFile).items.map(({ label }) => label);
      assert.deepEqual([labels.length, [...new Set(labels)].sort()], [texts.length, ["0", "1"]], ending);
    }
  });

  test("the same recipe gives the same bytes, but for the timings in the JSON", async () => {
    const formats = ["csv", "npy", "svg", "html", "json"];
    for (const run of ["one", "two"]) {
      const outs = formats.flatMap((format) => ["--out", `${run}.${format}`]);
      const { status, stderr } = await runCli(
        ["map", "zwanzig Sätze.txt", "--cluster", "kmeans", "--k", "4", ...outs],
        { cwd },
      );
      assert.equal(status, 0, stderr);
    }
    for (const format of formats.slice(0, -1)) {
      assert.ok((await read(`one.${format}`)).equals(await read(`two.${format}`)), format);
    }
    const stable = async (name: string) => (await read(name)).toString().replace(/^ {2}"timings": .*$/m, "");
    assert.equal(await stable("one.json"), await stable("two.json"));
  });

  test("coordinates alone are clustered by their distances, and a map can be", async () => {
    const at = (blob: number, i: number): string => `${100 * blob + (i % 5)},${100 * blob + (i % 7)}`;
    const rows = Array.from({ length: 90 }, (_, i) => at(1 + (i % 3), i));
    await writeFile(path.join(cwd, "places.csv"), `x,y\n${rows.join("\n")}\n`);
    for (const on of [[], ["--cluster-on", "map"]]) {
      const options = ["--map", "x,y", "--cluster", "kmeans", "--k", "3", ...on];
      const { status, stderr } = await runCli(["map", "places.csv", ...options, "--out", "places.json"], { cwd });
      assert.equal(status, 0, stderr);
      const { cluster } = JSON.parse((await read("places.json")).toString()) as { cluster: number[] };
      assert.equal(new Set(cluster).size, 3);
      cluster.forEach((c, i) => assert.equal(c, cluster[i % 3], `row ${i}`));
    }
  });

  test("a recipe saved elsewhere finds its source and gives the same map", async () => {
    await mkdir(path.join(cwd, "Rezepte"), { recursive: true });
    const saved = ["--reduce", "pca", "--out", "Rezepte/r.lens.json", "--out", "a.npy"];
    assert.equal((await runCli(["map", "zwanzig Sätze.txt", ...saved], { cwd })).status, 0);
    assert.equal((await runCli(["map", "Rezepte/r.lens.json", "--out", "b.npy"], { cwd })).status, 0);
    assert.ok((await read("a.npy")).equals(await read("b.npy")));
  });

  test("similarity: the matrix is symmetric, 1 on the diagonal, and each sentence is nearest to its partner", async () => {
    assert.equal((await runCli(["similarity", "zwanzig Sätze.txt", "--out", "s.npy"], { cwd })).status, 0);
    const { shape, data } = readNpy(await read("s.npy"));
    assert.deepEqual(shape, [20, 20]);
    let partners = 0;
    for (let i = 0; i < 20; i++) {
      assert.ok(Math.abs(data[i * 20 + i]! - 1) < 1e-5);
      let best = -1;
      for (let j = 0; j < 20; j++) {
        assert.ok(Math.abs(data[i * 20 + j]! - data[j * 20 + i]!) < 1e-6);
        if (j !== i && (best < 0 || data[i * 20 + j]! > data[i * 20 + best]!)) best = j;
      }
      if (best === (i ^ 1)) partners++;
    }
    assert.ok(partners >= 19, `${partners} of 20`);
  });

  test("lines from stdin are embedded, and their vectors are those of the file", async () => {
    const fromFile = await runCli(["embed", "zwanzig Sätze.txt", "--out", "f.npy"], { cwd });
    const stdin = await readFile(SENTENCES);
    const fromStdin = await runCli(["embed", "-", "--out", "i.npy"], { cwd, stdin });
    assert.deepEqual([fromFile.status, fromStdin.status], [0, 0], fromStdin.stderr);
    assert.deepEqual(readNpy(await read("f.npy")).shape, [20, 100]);
    assert.ok((await read("f.npy")).equals(await read("i.npy")));
  });

  test("a folder of pictures gives a picture map with thumbnails, as PNG and as a page", async () => {
    const outs = ["--out", "p.png", "--out", "p.html", "--out", "p.csv"];
    const { status, stderr } = await runCli(["map", path.resolve("media/samples/pictures"), ...outs], { cwd });
    assert.equal(status, 0, stderr);
    const { width, height } = await sharp(await read("p.png")).metadata();
    assert.deepEqual([width, height], [1920, 1360]);
    assert.match((await read("p.html")).toString(), /"pictures":\["data:image\/webp;base64,/);
  });

  test("--cache keeps embeddings in a folder, and they are the same the second time; none keeps nothing", async () => {
    const pictures = path.resolve("media/samples/pictures");
    const embed = async (name: string, cache: string): Promise<{ data: Float32Array; said: string }> => {
      const { status, stderr } = await runCli(["embed", pictures, "--cache", cache, "--out", name], { cwd });
      assert.equal(status, 0, stderr);
      const { data } = readNpy(await read(name));
      return { data, said: stderr };
    };
    const first = await embed("c1.npy", "kept");
    assert.ok((await readdir(path.join(cwd, "kept"))).length > 0);
    for (const again of [await embed("c2.npy", "kept"), await embed("c3.npy", "none")]) {
      assert.equal(again.data.length, first.data.length, again.said);
      const other = again.data.findIndex((value, i) => value !== first.data[i]);
      const numbers = `${again.data[other]} and ${first.data[other]} at ${other}`;
      assert.equal(other, -1, `${numbers}\n${first.said}\n${again.said}`);
    }
    assert.ok(!(await readdir(cwd)).includes("none"));
  });

  test("hostile texts stay text in an SVG", async () => {
    const texts = [...HOSTILE, "plain words about the sun", "more words about the moon"];
    const outs = ["--out", "h.svg", "--out", "h.png"];
    const { status, stderr } = await runCli(["similarity", "-", ...outs], {
      cwd,
      stdin: Buffer.from(texts.join("\n")),
    });
    assert.equal(status, 0, stderr);
    const svg = (await read("h.svg")).toString();
    assert.doesNotMatch(svg, /<script|<img|<foreignObject|<[^>]*\son[a-z]+=/i);
    assert.match(svg, /&lt;img src=x|&lt;\/script/);
  });

  test("nothing is left beside the outputs, and a failed one changes nothing", async () => {
    const own = path.join(cwd, "own");
    await mkdir(own);
    await writeFile(path.join(own, "n.txt"), "one sun\ntwo moons\n");
    await writeFile(path.join(own, "m.csv"), "old");
    const failed = await runCli(["map", "missing.txt", "--out", "m.csv"], { cwd: own });
    assert.equal(failed.status, 1);
    assert.equal(await readFile(path.join(own, "m.csv"), "utf8"), "old");
    assert.equal((await runCli(["map", "n.txt", "--out", "m.csv"], { cwd: own })).status, 0);
    assert.deepEqual((await readdir(own)).sort(), ["m.csv", "n.txt"]);
  });

  test("a reader that leaves early is no failure", async () => {
    const cli = startCli(["embed", "zwanzig Sätze.txt"], { cwd });
    cli.child.stdout.destroy();
    const { status, stderr } = await cli.ended;
    assert.equal(status, 0);
    assert.doesNotMatch(stderr, /EPIPE|Error|at /);
  });

  test("Ctrl+C while it waits for stdin answers 130", async () => {
    const cli = startCli(["map", "-", "--out", "never.csv"], { cwd });
    await cli.reads();
    cli.child.kill("SIGINT");
    assertInterrupted(await cli.ended);
  });

  test(
    "Ctrl+C in the middle of a long run answers 130 and leaves nothing half-written",
    { timeout: 60_000 },
    async () => {
      const own = path.join(cwd, "long");
      await mkdir(own);
      const words = (await readFile(SENTENCES, "utf8")).split(/\s+/);
      const line = (i: number): string =>
        Array.from({ length: 8 }, (_, j) => words[(i * 7 + j * (i % 13)) % words.length]).join(" ");
      await writeFile(path.join(own, "n.txt"), Array.from({ length: 20_000 }, (_, i) => line(i)).join("\n"));
      const cli = startCli(["map", "n.txt", "--reduce", "tsne", "--out", "m.csv"], { cwd: own });
      await cli.said(/…/);
      cli.child.kill("SIGINT");
      assertInterrupted(await cli.ended);
      assert.deepEqual(await readdir(own), ["n.txt"]);
    },
  );

  test("models lists the built-in ones; a model that is absent is refused with the command that fetches it", async () => {
    const env = { EMBEDDING_LENS_HOME: path.join(cwd, "home"), EMBEDDING_LENS_MIRROR: "" };
    const list = await runCli(["models"], { cwd, env });
    assert.match(list.stdout, /^ID +KIND +SIZE +STATE +LICENCE +ABOUT\n/);
    assert.match(list.stdout, /^glove-100d +text +100-d +built in /m);
    assert.match(list.stdout, /^resnet18 +image +512-d +download, 46\.8 MB +Apache-2\.0/m);
    const refused = await runCli(["map", path.resolve("media/samples/pictures"), "--model", "resnet18"], { cwd, env });
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /is not on this machine: run `embedding-lens models fetch resnet18`/);
    const unknown = await runCli(["map", "zwanzig Sätze.txt", "--model", "resnet19"], { cwd, env });
    assert.equal(unknown.status, 1);
    assert.match(unknown.stderr, /no model “resnet19”/);
  });

  test("the start loads no drawing and no native library", async () => {
    const meta = JSON.parse(await readFile("dist/meta/cli.json", "utf8")) as {
      outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
    };
    const inputs = Object.entries(meta.outputs["dist/cli-main.js"]!.inputs).filter(
      ([, { bytesInOutput }]) => bytesInOutput > 0,
    );
    const heavy = inputs.filter(([name]) => /node_modules\/(vega|d3|sharp|onnxruntime|vscode-jsonrpc)/.test(name));
    assert.deepEqual(heavy, []);
  });
});
