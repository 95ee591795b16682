import type { ItemRecord } from "../../protocol/result";

const WIDTH = 100;
const INDENT = "    ";
const LONGEST_NAME = 24;

/**
 * A record as a page of text: short values beside their names, long ones below them, wrapped at words.
 * @param title where it comes from: "songs.parquet, row 12"
 */
export function recordText(title: string, record: ItemRecord): string {
  const short = record.filter(isShort).map(({ name }) => nameOf(name).length);
  const pad = Math.max(0, ...short);
  const lines = record.map((field) => {
    const name = nameOf(field.name);
    if (isShort(field)) return `${name.padEnd(pad)}  ${field.value.trim() || "–"}`;
    return `\n${name}\n${wrapped(field.value)}\n`;
  });
  return `${title}\n${"─".repeat(Math.min(WIDTH, title.length))}\n\n${lines.join("\n")}\n`.replace(/\n{3,}/g, "\n\n");
}

const isShort = ({ name, value }: ItemRecord[number]): boolean =>
  name.length <= LONGEST_NAME && value.length <= WIDTH - LONGEST_NAME && !/[\r\n]/.test(value.trim());

const nameOf = (name: string): string => name.replace(/\s+/g, " ");

function wrapped(text: string): string {
  return text
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => INDENT + wrappedLine(line))
    .join("\n");
}

/** Breaks at blanks; a word that is longer than a line stays whole. */
function wrappedLine(line: string): string {
  let length = 0;
  return line
    .split(" ")
    .map((word, i) => {
      if (i > 0 && length + word.length >= WIDTH) {
        length = word.length;
        return `\n${INDENT}${word}`;
      }
      length += word.length + 1;
      return i === 0 ? word : ` ${word}`;
    })
    .join("");
}
