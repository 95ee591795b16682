import type { Source } from "../../protocol/recipe";
import type { ItemSet, StageContext } from "../types";
import { LINE_LIMIT } from "./limits";
import { counted, extensionOf } from "./paths";
import { Oddities } from "./oddities";
import type { Line } from "./split-lines";
import { gatherTexts, type LoadOptions } from "./texts";

export interface Paragraph {
  /** Line at which it starts. */
  line: number;
  text: string;
}

/**
 * Gathers lines into paragraphs: blocks that blank lines (or a gap between chosen lines) divide. In Markdown, blank lines inside a fenced
 * code block don't divide, and front matter (YAML between --- at the start of the file) is no paragraph.
 */
export class ParagraphSplitter {
  /** Lines of front matter that were left out. */
  frontMatter = 0;
  private block: string[] = [];
  private length = 0;
  private start = 0;
  private previous = 0;
  private fence: string | null = null;
  private inFrontMatter = false;

  constructor(private readonly markdown: boolean) {}

  /** The paragraph that this line ends, if any. */
  push({ number, text }: Line): Paragraph | null {
    const gap = this.previous !== 0 && number !== this.previous + 1;
    this.previous = number;
    const ended = gap ? this.end() : null;
    if (this.markdown && this.passFrontMatter(number, text)) return ended;
    if (this.markdown) this.followFence(text);
    if (text.trim() === "" && this.fence === null) return ended ?? this.end();
    if (this.block.length === 0) {
      if (text.trim() === "") return ended;
      this.start = number;
    }
    // One paragraph of a million lines stays bounded; what is beyond is cut when it ends.
    if (this.length <= LINE_LIMIT) this.block.push(text);
    this.length += text.length + 1;
    return ended;
  }

  /** The paragraph that the end of the text ends, if any. */
  end(): Paragraph | null {
    const text = this.block.join("\n").trim();
    const paragraph = text === "" ? null : { line: this.start, text };
    this.block = [];
    this.length = 0;
    this.fence = null;
    return paragraph;
  }

  private passFrontMatter(number: number, text: string): boolean {
    if (number === 1 && text.trimEnd() === "---") this.inFrontMatter = true;
    else if (!this.inFrontMatter) return false;
    else if (/^(---|\.\.\.)\s*$/.test(text)) this.inFrontMatter = false;
    this.frontMatter++;
    return true;
  }

  /** A fence of three or more backticks or tildes is closed by one that is as long at least (CommonMark 4.5). */
  private followFence(text: string): void {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (mark === undefined) return;
    if (this.fence === null) this.fence = mark;
    else if (mark.startsWith(this.fence) && text.trim() === mark) this.fence = null;
  }
}

/**
 * One item for each paragraph; its line is the first one of the paragraph.
 * @throws LensError "source" when there is no paragraph
 */
export const loadParagraphs = (source: Source, options: LoadOptions, ctx: StageContext): Promise<ItemSet> =>
  gatherTexts(source, options, ctx, "empty paragraph", async (file, batches, label, gather) => {
    const { path } = file;
    const splitter = new ParagraphSplitter([".md", ".markdown"].includes(extensionOf(path)));
    const odd = new Oddities(path);
    const take = (paragraph: Paragraph | null): void => {
      if (paragraph === null) return;
      const { line, text } = paragraph;
      if (text.length > LINE_LIMIT) odd.note("line", line, `the paragraph was ${Oddities.cut}`);
      gather.push({ label, path, line, text: text.slice(0, LINE_LIMIT) });
    };
    for await (const batch of batches) for (const line of batch) take(splitter.push(line));
    take(splitter.end());
    if (splitter.frontMatter > 0) {
      gather.note(`${path}: the front matter (${counted(splitter.frontMatter, "line")}) was left out.`);
    }
    gather.warn(...odd.sentences());
  });
