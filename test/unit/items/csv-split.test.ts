import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { CsvSplitter, type CsvRecord } from "../../../src/engine/items/csv-split";
import { createRandom, type Random } from "../../../src/engine/random";

const split = (text: string, delimiter = ",", piece = text.length): CsvRecord[] => {
  const splitter = new CsvSplitter(delimiter);
  const records: CsvRecord[] = [];
  for (let i = 0; i < text.length; i += piece) records.push(...splitter.push(text.slice(i, i + piece)));
  return [...records, ...splitter.end()];
};
const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)]!;

/** Character by character, the text whole: slow and plain. Blank lines are passed over; a record's line is counted from the start. */
function reference(text: string, delimiter: string): CsvRecord[] {
  const lineAt = (position: number): number => text.slice(0, position).split(/\r\n|\r|\n/).length;
  const records: CsvRecord[] = [];
  let pos = 0;
  while (pos < text.length) {
    const start = pos;
    const cells: string[] = [];
    for (;;) {
      let cell = "";
      if (text[pos] === '"') {
        pos++;
        while (text[pos] !== '"' || text[pos + 1] === '"') {
          if (text[pos] === '"') pos++;
          cell += text[pos]!;
          pos++;
        }
        pos++;
      }
      while (pos < text.length && text[pos] !== delimiter && text[pos] !== "\n" && text[pos] !== "\r")
        cell += text[pos++]!;
      cells.push(cell);
      if (text[pos] !== delimiter) break;
      pos++;
    }
    if (cells.length > 1 || cells[0]!.trim() !== "" || text[start] === '"')
      records.push({ line: lineAt(start), cells });
    pos += text.startsWith("\r\n", pos) ? 2 : 1;
  }
  return records;
}

test("quoted cells hold delimiters, line breaks and doubled quotes; records know their first line", () => {
  assert.deepEqual(split('a,b\r\n"1,\r\n""x""",2\n\n\n3,"4"\r5,'), [
    { line: 1, cells: ["a", "b"] },
    { line: 2, cells: ['1,\r\n"x"', "2"] },
    { line: 6, cells: ["3", "4"] },
    { line: 7, cells: ["5", ""] },
  ]);
});

test("random tables give the records and lines of a plain reference, however they are cut into pieces", () => {
  const random = createRandom(5);
  for (let round = 0; round < 3_000; round++) {
    const delimiter = pick(random, [",", ";", "\t", "|"]);
    const atoms = ["a", "é", " ", delimiter, "\n", "\r\n", "\r", '""', "日本", "xyz", "-"];
    const cell = (): string => {
      const inner = Array.from({ length: random.below(5) }, () => pick(random, atoms));
      if (random.below(2) === 0) return `"${inner.join("")}"`;
      return (
        inner.filter((atom) => !/[\r\n"]/.test(atom) && atom !== delimiter).join("") + pick(random, ["", "", 'q"'])
      );
    };
    const record = (): string => Array.from({ length: 1 + random.below(4) }, cell).join(delimiter);
    let text = Array.from(
      { length: random.below(8) },
      () => record() + pick(random, ["\n", "\r\n", "\r", "\n\n"]),
    ).join("");
    if (random.below(2) === 0) text += record();
    // An unquoted cell may not start with a quote that the generator made.
    const expected = reference(text, delimiter);
    assert.deepEqual(split(text, delimiter), expected, JSON.stringify(text));
    assert.deepEqual(split(text, delimiter, 1 + random.below(7)), expected, JSON.stringify(text));
  }
});

test("well-formed tables give what csv-parse gives", () => {
  const random = createRandom(6);
  for (let round = 0; round < 500; round++) {
    const columns = 2 + random.below(3);
    const rows = Array.from({ length: random.below(10) }, () =>
      Array.from({ length: columns }, () =>
        Array.from({ length: random.below(4) }, () => pick(random, ["a", "b c", ",", "\n", '"', "ü"])).join(""),
      ),
    );
    const text = rows
      .map((cells) => cells.map((cell) => (/[,"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","))
      .join("\n");
    const found = split(text);
    assert.deepEqual(
      found.map(({ cells }) => cells),
      parse(text, { skip_empty_lines: true }),
    );
    assert.deepEqual(
      found.map(({ cells }) => cells),
      rows,
    );
  }
});

test("a quote inside a cell, and text after a closing quote, are ordinary characters", () => {
  assert.deepEqual(
    split('5" disk,"a"b "c",d').map(({ cells }) => cells),
    [['5" disk', 'ab "c"', "d"]],
  );
});

test("a quote that is never closed costs its record nothing but the quote's meaning", () => {
  assert.deepEqual(split('a,b\n"x,1\ny,2\n'), [
    { line: 1, cells: ["a", "b"] },
    { line: 2, cells: ['"x', "1"], problem: "open quote" },
    { line: 3, cells: ["y", "2"] },
  ]);
});

test("a record without an end is cut, its line passed over, and what follows is read", { timeout: 30_000 }, () => {
  const splitter = new CsvSplitter(",");
  const piece = "x".repeat(1_000_000);
  const records = splitter.push("a,b\n1,");
  for (let i = 0; i < 40; i++) records.push(...splitter.push(piece));
  records.push(...splitter.push("\r"), ...splitter.push("\n2,y\n"), ...splitter.end());
  assert.deepEqual(
    records.map(({ line, problem }) => [line, problem]),
    [
      [1, undefined],
      [2, "too long"],
      [3, undefined],
    ],
  );
  assert.deepEqual(records[2]?.cells, ["2", "y"]);
});

test("a quote that is never closed in a large text neither hangs nor hides the rest", { timeout: 30_000 }, () => {
  const splitter = new CsvSplitter(",");
  const batches = [splitter.push('a,b\n"open,1\n')];
  const piece = `${"value ".repeat(40)},2\n`.repeat(1_500);
  for (let i = 0; i < 60; i++) batches.push(splitter.push(piece));
  batches.push(splitter.end());
  const records = batches.flat();
  assert.equal(records.length, 2 + 60 * 1_500);
  assert.equal(records.at(-1)?.line, records.length);
});
