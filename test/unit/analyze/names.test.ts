import assert from "node:assert/strict";
import { test } from "node:test";
import { distinctNames, labelNames } from "../../../src/engine/analyze/labels";
import { termLabels } from "../../../src/engine/analyze/terms";

/** Texts of so many clusters, ten in each: text `i` of cluster `c`. */
const tens = (clusters: number, text: (c: number, i: number) => string): { texts: string[]; cluster: Int32Array } => ({
  texts: Array.from({ length: 10 * clusters }, (_, at) => text(Math.floor(at / 10), at % 10)),
  cluster: Int32Array.from({ length: 10 * clusters }, (_, at) => Math.floor(at / 10)),
});

test("a cluster of texts is named by what sets it apart, in any language", () => {
  const texts = [
    "Die Katze schläft auf dem Sofa", "Eine Katze jagt die Maus", "Die Katze und der Hund", "Meine Katze frisst die Wurst",
    "Der Zug fährt nach Bonn", "Ein Zug steht auf dem Gleis", "Der Zug und die Bahn", "Mein Zug kommt nicht",
    "東京の天気は晴れ", "明日の天気は雨", "天気がいい", "天気予報を見る",
  ]; // prettier-ignore
  const names = termLabels(texts, Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2), 3);
  assert.match(names[0]!, /^Katze/);
  assert.match(names[1]!, /^Zug/);
  assert.match(names[2]!, /^天気/);
});

test("a term is written as it mostly is within sentences, or at their beginnings where it is nowhere else", () => {
  const { texts, cluster } = tens(
    3,
    (c, i) =>
      [
        `${i < 8 ? "Trains are" : "The trains are"} late ${i}`,
        `every ÖĞRENCİ has ${i}`,
        `I met ${i < 3 ? "anna" : "Anna"}. Then ${i}`,
      ][c]!,
  );
  const names = termLabels(texts, cluster, 3).map((name) => name.split(", "));
  assert.ok(names[0]!.includes("trains"), names[0]!.join());
  assert.ok(names[1]!.includes("ÖĞRENCİ"), names[1]!.join());
  assert.ok(names[2]!.includes("Anna"), names[2]!.join());
  const words = tens(3, (c) => ["NASA", "iPhone", "Zug"][c]!);
  assert.deepEqual(termLabels(words.texts, words.cluster, 3), ["NASA", "iPhone", "Zug"]);
});

test("words that are everywhere name no cluster, and one that nothing sets apart has no name of terms", () => {
  const topics = ["train", "cat", "rain"];
  const { texts, cluster } = tens(4, (c, i) => {
    // "the" is somewhat more frequent in the first cluster, and the last has no word of its own.
    const filler = i < 6 || c === 0 ? "the thing" : "a thing";
    return c === 3 ? filler : `${filler} with ${topics[c]!}`;
  });
  assert.deepEqual(termLabels(texts, cluster, 4), ["train", "cat", "rain", ""]);
});

test("a word that all clusters hold comes after those of one, though it is in all texts of it and a third elsewhere", () => {
  const { texts, cluster } = tens(8, (c, i) => {
    const how = c === 0 || i % 3 === 0 ? "how" : "so";
    return `${how} ${c === 0 && i < 2 ? "visa mastercard" : "thing"}`;
  });
  assert.equal(termLabels(texts, cluster, 8)[0], "mastercard, visa, how");
});

test("a word that a cluster may hold by chance does not name it", () => {
  // Two of ten texts, and one of the thirty others.
  const { texts, cluster } = tens(4, (c, i) => ((c === 0 && i < 2) || (c === 1 && i === 0) ? "odd" : "even"));
  assert.deepEqual(termLabels(texts, cluster, 4), ["", "", "", ""]);
});

test("a word in few texts of a large cluster does not name it, however rare it is elsewhere", () => {
  const texts = Array.from({ length: 1000 }, (_, i) => (i < 20 ? "odd" : "even"));
  const cluster = Int32Array.from(texts, (_, i) => (i < 500 ? 0 : 1));
  assert.equal(termLabels(texts, cluster, 2)[0], "");
});

test("forms of a word count once in a name", () => {
  const { texts, cluster } = tens(3, (c, i) => (c === 0 ? `card cards ${i < 5 ? "lost" : ""}` : "thing"));
  assert.equal(termLabels(texts, cluster, 3)[0], "card, lost");
});

test("texts without a cluster count among those that a cluster is set apart from", () => {
  const { texts, cluster } = tens(4, (c) => (c === 0 ? "rain" : "the card"));
  const twoAndNoise = cluster.map((c) => (c > 1 ? -1 : c));
  assert.deepEqual(termLabels(texts, twoAndNoise, 2), ["rain", ""]);
});

test("a name has three terms at most, none of them a number or a single letter, but a single ideograph", () => {
  const { texts, cluster } = tens(3, (c) => (c === 0 ? "2024 a one two three four" : c === 1 ? "猫" : "thing"));
  assert.deepEqual(termLabels(texts, cluster, 3), ["four, one, three", "猫", "thing"]);
});

test("short words are no forms of longer ones, and one word in two encodings is one", () => {
  const { texts, cluster } = tens(3, (c, i) =>
    c === 0 ? "go goal" : c === 1 ? "café".normalize(i % 2 ? "NFC" : "NFD") : "",
  );
  assert.deepEqual(termLabels(texts, cluster, 3), ["go, goal", "café", ""]);
});

test("a word of one text does not name its cluster, though nobody else has it", () => {
  const texts = Array.from({ length: 1000 }, (_, i) => (i === 0 ? "odd" : "even"));
  const cluster = Int32Array.from(texts, (_, i) => (i < 4 ? 0 : 1));
  assert.equal(termLabels(texts, cluster, 2)[0], "");
});

test("items without a text do not make the words of the others rare, and of a long text the start is read", () => {
  const texts = Array.from({ length: 200 }, (_, i) => (i >= 100 ? "thing" : i < 8 ? "odd" : null));
  const cluster = Int32Array.from(texts, (_, i) => (i < 100 ? 0 : 1));
  // 8 of 8 texts, and 3 of 100 items.
  assert.equal(
    termLabels(
      texts.map((text, i) => (i < 5 ? "odd one" : text)),
      cluster,
      2,
    )[0],
    "odd, one",
  );
  const long = texts.map((text) => (text === "odd" ? `odd${" ".repeat(1_000)}late` : text));
  assert.equal(termLabels(long, cluster, 2)[0], "odd");
});

/** Labels of so many items for each cluster. */
function labelled(...clusters: Record<string, number>[]): [(string | null)[], Int32Array, number] {
  const items = clusters.flatMap((counts, c) =>
    Object.entries(counts).flatMap(([label, count]) =>
      Array.from({ length: count }, () => ({ label: label === "none" ? null : label, c })),
    ),
  );
  return [items.map(({ label }) => label), Int32Array.from(items, ({ c }) => c), clusters.length];
}

test("a cluster of pictures is named by its label with its share of all its items", () => {
  const names = labelNames(...labelled({ cat: 80, dog: 10, none: 10 }, { dog: 50 }));
  assert.deepEqual(names, ["cat (80 %)", "dog (100 %)"]);
});

test("a label of less than half of a cluster stands with the next one that says something", () => {
  const names = labelNames(...labelled({ cat: 45, dog: 40, bird: 15 }, { bird: 50, dog: 5, cat: 5 }, { fish: 140 }));
  assert.deepEqual(names, ["cat (45 %), dog (40 %)", "bird (83 %)", "fish (100 %)"]);
});

test("the label of most items names a cluster, also where it is near its share of all items", () => {
  const names = labelNames(
    ...labelled({ cat: 52, dog: 48 }, { cat: 48, dog: 52 }, { cat: 10, dog: 90 }, { cat: 90, dog: 10 }),
  );
  assert.deepEqual(names, ["cat (52 %)", "dog (52 %)", "dog (90 %)", "cat (90 %)"]);
});

test("a label that stands out more than that of most items follows it", () => {
  const [name] = labelNames(...labelled({ cat: 60, dog: 40 }, { cat: 900 }));
  assert.equal(name, "cat (60 %), dog (40 %)");
});

test("up to half of a cluster a label stands with the next, and of equals the rarer among all, then the first by the alphabet, is first", () => {
  const [names] = labelNames(...labelled({ good: 50, broken: 45, dark: 5 }, { good: 30, dark: 70 }));
  assert.equal(names, "good (50 %), broken (45 %)");
  const [more] = labelNames(...labelled({ cat: 51, dog: 39, bird: 10 }, { fish: 300 }));
  assert.equal(more, "cat (51 %)");
  const [rarer] = labelNames(...labelled({ cat: 50, dog: 50 }, { cat: 100, fish: 200 }));
  assert.equal(rarer, "dog (50 %), cat (50 %)");
  const [equal] = labelNames(...labelled({ dog: 30, cat: 30, bird: 30, ant: 10 }, { fish: 300 }));
  assert.equal(equal, "bird (30 %), cat (30 %)");
});

test("a second label stands out from a tenth of the way to all items on", () => {
  const of = (b: number) => labelNames(...labelled({ a: 40, b, c: 60 - b }, { a: 40, b: 60 - b, c: b }))[0];
  assert.deepEqual([of(33), of(38)], ["a (40 %)", "a (40 %), b (38 %)"]);
});

test("a label of one item of many, or of less than a tenth, names no cluster", () => {
  assert.deepEqual(labelNames(...labelled({ cat: 1, none: 999 }, { a: 1, b: 1, c: 1 })), ["", ""]);
  assert.deepEqual(labelNames(...labelled({ cat: 9, none: 91 }, { cat: 10, none: 90 })), ["", "cat (10 %)"]);
  assert.deepEqual(labelNames(...labelled({ cat: 1, dog: 1 }, { fish: 8 }))[0], "cat (50 %), dog (50 %)");
});

test("without labels there are no names", () => {
  assert.deepEqual(labelNames(...labelled({ none: 5 }, { none: 3 })), ["", ""]);
});

test("equal names are numbered, also where that name is taken", () => {
  assert.deepEqual(distinctNames(["a", "a", "b", "a – 2", "a"]), ["a", "a – 2", "b", "a – 2 – 2", "a – 3"]);
});
