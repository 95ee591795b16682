import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fakeRun } from "./fake-io";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "lens-usage-"));
  await mkdir(path.join(cwd, "pictures"));
  const files = ["a.txt", "b.csv", "pictures/c.jpg", "d.npy", "e.parquet"];
  await Promise.all(files.map((name) => writeFile(path.join(cwd, name), "x\n")));
  await writeFile(
    path.join(cwd, "r.lens.json"),
    JSON.stringify({ version: 1, source: { kind: "lines", paths: ["a.txt"] }, model: "m" }),
  );
  await writeFile(path.join(cwd, "bad.lens.json"), "{");
  await writeFile(path.join(cwd, "new.lens.json"), JSON.stringify({ version: 2 }));
});
after(() => rm(cwd, { recursive: true }));

/** Each wrong command line with the words of its sentence. */
const WRONG: [args: string, words: RegExp][] = [
  ["", /Name a command: map, similarity, embed, search, compare, network, findings or models/],
  ["draw a.txt", /“draw” is not a command/],
  ["map", /map needs a source/],
  ["embed --quiet", /embed needs a source/],
  ["map a.txt --neighbours 5", /--neighbours is not an option\. Did you mean --neighbors\?/],
  ["map a.txt -x", /-x is not an option\. --help lists/],
  ["map a.txt --seed", /--seed needs a value/],
  ["map a.txt --out --quiet", /--out needs a value/],
  ["map a.txt --quiet=yes", /--quiet takes no value/],
  ["map a.txt --seed 1 --seed 2", /--seed is given twice/],
  ["map a.txt --model=", /--model needs the id of a model/],
  ["map a.txt --seed x", /--seed takes a whole number from 0 to 4294967295, not “x”/],
  ["map a.txt --seed -1", /--seed takes a whole number/],
  ["map a.txt --seed 1.5", /--seed takes a whole number/],
  ["map a.txt --seed 0x10", /--seed takes a whole number/],
  ["map a.txt --neighbors 1", /--neighbors takes a whole number from 2 to 1000, not “1”/],
  ["map a.txt --min-dist 2", /--min-dist takes a number from 0 to 1, not “2”/],
  ["map a.txt --perplexity 0", /--perplexity takes a number from 1 to 1000/],
  ["map a.txt --sample 0", /--sample takes a whole number of at least 1/],
  ["map a.txt --dims 4", /--dims takes 2 or 3, not “4”/],
  ["map a.txt --metric manhattan", /--metric takes cosine, euclidean or dot, not “manhattan”/],
  ["map a.txt --reduce mds", /--reduce takes umap, tsne, pca or none/],
  ["map a.txt --cluster birch", /--cluster takes none, kmeans/],
  ["map a.txt --as words", /--as takes lines, paragraphs/],
  ["map b.csv --header maybe", /--header takes yes or no/],
  ["map a.txt --cluster dbscan --eps 0", /--eps takes a number above 0, not “0”/],
  ["map a.txt --cluster hdbscan --min-cluster-size 1", /--min-cluster-size takes a whole number from 2/],
  ["map a.txt --linkage single", /--linkage takes ward or average/],
  ["map a.txt --cluster kmeans --k 1", /--k takes a whole number from 2 to 200/],
  ["map a.txt --k 5", /--k needs a method of clustering/],
  ["map a.txt --vector v", /--vector is for datasets/],
  ["similarity a.txt --out m.parquet", /similarity writes no table/],
  ["map a.txt --out m.tsv", /an output of embed/],
  ["map a.txt --out m.jpg", /--out m\.jpg: the name must end in \.lens\.json, \.json, \.csv/],
  ["map a.txt --out m", /the name must end in/],
  ["map a.txt --out m.csv --out ./m.csv", /--out \.\/m\.csv is given twice/],
  ["map b.csv --out b.csv", /--out b\.csv would overwrite the source/],
  ["embed a.txt --out m.svg", /embed draws no chart: \.svg/],
  ["map a.txt --reduce none --out m.npy", /--out m\.npy needs a map, but --reduce none/],
  ["map - --out m.lens.json", /a recipe can't name lines from stdin/],
  ["map a.txt b.csv", /“a\.txt” and “b\.csv” are different kinds of sources \(lines and rows\): name one with --as/],
  ["map a.txt pictures", /different kinds of sources/],
  ["map a.txt --text 1", /--text is for datasets, but the source is read as lines/],
  ["map a.txt --header yes", /--header is for datasets/],
  ["map - --as rows", /stdin is read as lines or paragraphs, not as rows/],
  ["map r.lens.json a.txt", /A recipe is the only source/],
  ["map bad.lens.json", /“bad\.lens\.json” is not a recipe: it is not JSON/],
  ["map new.lens.json", /This recipe has version 2/],
  ["models sell", /models sell is not a command/],
  ["models fetch", /models fetch takes the id of a model/],
  ["models import a b", /models import takes the path/],
  ["models list x", /takes no more words/],
  ["models --seed 1", /--seed is not an option of models/],
  ["models --out x.json", /--out is not an option of models/],
];

for (const [args, words] of WRONG) {
  test(`exit 2: embedding-lens ${args}`, async () => {
    const run = await fakeRun(args === "" ? [] : args.split(" "), { cwd });
    assert.match(run.stderr, words);
    assert.equal(run.status, 2);
    assert.equal(run.stdout, "");
    assert.equal(run.jobs.length, 0, "nothing ran");
  });
}

test("exit 1: a source that is not there, and an empty folder, are named", async () => {
  const missing = await fakeRun(["map", "no such.txt"], { cwd });
  assert.match(missing.stderr, /“no such\.txt” does not exist/);
  assert.equal(missing.status, 1);
  await mkdir(path.join(cwd, "empty"), { recursive: true });
  const empty = await fakeRun(["map", "empty"], { cwd });
  assert.match(empty.stderr, /“empty” holds no pictures and no text files/);
  assert.equal(empty.status, 1);
});

test("--help and --version answer on stdout, whatever else is said", async () => {
  for (const args of [["--help"], ["-h"], ["help"], ["map", "--help"]]) {
    const help = await fakeRun(args);
    assert.equal(help.status, 0);
    assert.match(help.stdout, /^Usage: embedding-lens COMMAND SOURCE/);
  }
  assert.equal((await fakeRun(["--version"])).stdout, "1.2.3\n");
});

test("the help names every option", async () => {
  const { OPTIONS } = await import("../../../src/cli/options");
  const { stdout } = await fakeRun(["--help"]);
  for (const name of Object.keys(OPTIONS)) assert.ok(stdout.includes(`--${name}`), name);
});
