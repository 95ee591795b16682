import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { openTable } from "../../../src/engine/tables/open";
import { cellText } from "../../../src/engine/tables/table";
import { createRandom, type Random } from "../../../src/engine/random";

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)]!;

test("random tables give the cells that csv-parse gives, and the line of each row", async () => {
  const random = createRandom(6);
  for (let round = 0; round < 300; round++) {
    const delimiter = pick(random, [",", ";", "\t", "|"]);
    const end = pick(random, ["\n", "\r\n"]);
    const width = 2 + random.below(3);
    const atoms = ["a", "b c", delimiter, "\n", "\r\n", '"', "ü", "日本"];
    const rows = Array.from({ length: 1 + random.below(10) }, () =>
      Array.from(
        { length: width },
        (_, i) => (i === 0 ? "x" : "") + Array.from({ length: random.below(4) }, () => pick(random, atoms)).join(""),
      ),
    );
    const quoted = (cell: string): string =>
      /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
    const names = Array.from({ length: width }, (_, i) => `c${i}`);
    const records = [names, ...rows].map((cells) => cells.map(quoted).join(delimiter));
    const text = records.join(end) + pick(random, ["", end]);
    const table = await openTable("t.csv", { text, header: true, delimiter });
    const count = await table.count();
    const { columns, lines } = await table.read(
      names,
      Int32Array.from({ length: count }, (_, i) => i),
    );
    const cells = Array.from({ length: count }, (_, at) => columns.map((column) => cellText(column, at) ?? ""));
    assert.deepEqual(cells, parse(text, { delimiter }).slice(1), JSON.stringify(text));
    const starts = records.slice(1).map(
      (_, i) =>
        records
          .slice(0, i + 1)
          .join(end)
          .split(/\r\n|\n/).length + 1,
    );
    assert.deepEqual([...lines!], starts, JSON.stringify(text));
    await table.close();
  }
});
