import { heatmapData, type HeatmapData } from "../../charts/data";
import { heatmapGroups } from "../../charts/groups";
import { heatmapOrder, reorder } from "../../charts/order";
import { isCancelled } from "../../protocol/errors";
import type { RunResult, SimilarityMatrix } from "../../protocol/result";
import type { Host } from "../host";
import type { Items } from "../items";
import { keptOf, type Shown } from "../state";

/** Why there is nothing to draw. */
export interface Trouble {
  text: string;
  /** Whether a run helps; else another try does. */
  run: boolean;
}

interface Fetched {
  of: RunResult;
  matrix: SimilarityMatrix;
  names: string[];
}

/** The order by similarity of a matrix, null as long as it is not known. */
interface Leaves {
  of: Fetched;
  order: Int32Array | null;
}

/** The matrix of a result, fetched once when the heatmap is looked at, in the order that is wished for. */
export class HeatmapContent {
  #asked: { of: RunResult; abort: AbortController } | null = null;
  #fetched: Fetched | null = null;
  #leaves: Leaves | null = null;
  #made: { of: Fetched; key: string; kept: Uint8Array | null; data: HeatmapData } | null = null;
  trouble: Trouble | null = null;

  constructor(
    private readonly host: Host,
    private readonly items: Items,
    private readonly onChange: () => void,
    /** Something that is worth a word but stops nothing. */
    private readonly say: (text: string) => void,
  ) {}

  /** Items in the heatmap of this result, null when there is none yet. */
  count(result: RunResult | null): { shown: number; total: number } | null {
    const fetched = this.#fetched;
    if (!fetched || fetched.of !== result) return null;
    const { index, total } = fetched.matrix;
    return { shown: this.#made?.of === fetched ? this.#made.data.index.length : index.length, total };
  }

  /** What is to be drawn now, without what a filter leaves out: the one of before while the next is on its way, as given while an order is. */
  data(shown: Shown): HeatmapData | null {
    const { result, state } = shown;
    if (result && this.#fetched?.of !== result && state.kind !== "running") this.#ask(result);
    const fetched = this.#fetched;
    if (!fetched) return null;
    const { order } = shown.look;
    if (order === "similarity" && this.#leaves?.of !== fetched && fetched.of === result) this.#askOrder(fetched);
    const leaves = this.#leaves?.of === fetched ? this.#leaves.order : null;
    const key = JSON.stringify([order === "similarity" && !leaves ? "given" : order, shown.title]);
    const kept = fetched.of === result ? keptOf(shown) : null;
    if (this.#made?.of !== fetched || this.#made.key !== key || this.#made.kept !== kept) {
      const { matrix, names, of } = fetched;
      const all = heatmapOrder(of, matrix.index, order, leaves);
      const places = kept ? all.filter((at) => kept[matrix.index[at]!] === 1) : all;
      const texts = Array.from(places, (at) => names[at]!);
      const title = shown.title && `Similarity of ${shown.title}`;
      const ordered = reorder(matrix, places);
      const groups = heatmapGroups(of, ordered.index, order, kept);
      this.#made = { of: fetched, key, kept, data: heatmapData(ordered, texts, { title, groups }) };
    }
    return this.#made.data;
  }

  /** After a failure. */
  retry(): void {
    this.#asked = null;
    this.trouble = null;
    this.onChange();
  }

  #ask(result: RunResult): void {
    if (this.#asked?.of === result) return;
    this.#asked?.abort.abort();
    const asked = (this.#asked = { of: result, abort: new AbortController() });
    const { signal } = asked.abort;
    this.trouble = null;
    const answer = async (): Promise<void> => {
      const matrix = await this.host.matrix(signal);
      if (signal.aborted) return;
      if (!matrix) {
        this.#fetched = this.#made = null;
        this.trouble = { text: "The similarities are not kept between windows.", run: true };
      } else {
        const names = await Promise.all(Array.from(matrix.index, (index) => this.items.name(index)));
        if (this.#asked !== asked) return;
        this.#fetched = { of: result, matrix, names };
      }
      this.onChange();
    };
    answer().catch((error: unknown) => {
      if (isCancelled(error) || signal.aborted) return;
      this.trouble = { text: error instanceof Error ? error.message : String(error), run: false };
      this.onChange();
    });
  }

  /** Without an order the rows stay as they are. */
  #askOrder(fetched: Fetched): void {
    const leaves: Leaves = { of: fetched, order: null };
    // Known as asked for at once; drawn anew when it is there.
    this.#leaves = leaves;
    this.host.order().then(
      (order) => {
        leaves.order = order;
        if (!order) this.say("The order by similarity needs a run: Run again.");
        if (this.#leaves === leaves) this.onChange();
      },
      (error: unknown) => {
        if (!isCancelled(error)) this.say(error instanceof Error ? error.message : String(error));
      },
    );
  }
}
