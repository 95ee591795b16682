import { LINE_LIMIT } from "./limits";

/** What is odd about the lines or rows of one file, gathered into one sentence each. */
export class Oddities {
  static readonly damaged = "bytes that are not in the file's encoding (shown as \uFFFD): save it as UTF-8";
  /** Written when it is needed: the first number format of a thread takes 30 ms. */
  static get cut(): string {
    return `cut after ${LINE_LIMIT.toLocaleString("en-US")} characters`;
  }

  private readonly found = new Map<string, { unit: "line" | "row"; first: number[]; count: number }>();

  constructor(private readonly path: string) {}

  note(unit: "line" | "row", place: number, what: string): void {
    const entry = this.found.get(what) ?? { unit, first: [], count: 0 };
    if (entry.count++ < 5) entry.first.push(place);
    this.found.set(what, entry);
  }

  /** "notes.txt, lines 3, 4 and 12 more: cut after 100,000 characters." */
  sentences(): string[] {
    return Array.from(this.found, ([what, { unit, first, count }]) => {
      const more = count > first.length ? ` and ${count - first.length} more` : "";
      return `${this.path}, ${unit}${count > 1 ? "s" : ""} ${first.join(", ")}${more}: ${what}.`;
    });
  }
}
