import { networkData, type ColorBy, type MapData } from "../../charts/data";
import { isCancelled } from "../../protocol/errors";
import type { Network } from "../../protocol/explore";
import type { RunResult } from "../../protocol/result";
import type { Host } from "../host";
import { keptOf, lookKey, type Shown } from "../state";
import type { Trouble } from "./heatmap-content";

/** The network of a result, laid out when it is looked at and again for other settings. */
export class NetworkContent {
  #asked: { of: RunResult; key: string; abort: AbortController } | null = null;
  #fetched: { of: RunResult; network: Network } | null = null;
  #made: { of: Network; key: string; data: MapData } | null = null;
  trouble: Trouble | null = null;

  constructor(
    private readonly host: Host,
    private readonly onChange: () => void,
  ) {}

  /** Items in the network of this result, null when there is none yet. */
  count(result: RunResult | null): { shown: number; total: number } | null {
    const fetched = this.#fetched;
    return fetched && fetched.of === result
      ? { shown: fetched.network.index.length, total: fetched.network.total }
      : null;
  }

  /** What is to be drawn now: the one of before while the next is on its way. */
  data(shown: Shown, colorBy: ColorBy): MapData | null {
    const { result, state, look } = shown;
    if (result && state.kind !== "running") this.#ask(result, JSON.stringify(look.network), shown);
    const fetched = this.#fetched;
    if (!fetched) return null;
    const { of, network } = fetched;
    const { sizeBy } = look;
    const key = lookKey(shown, colorBy);
    if (this.#made?.of !== network || this.#made.key !== key) {
      const title = shown.title && `Network of ${shown.title}`;
      this.#made = {
        of: network,
        key,
        data: networkData(of, network, colorBy, { title, sizeBy, kept: of === result ? keptOf(shown) : null }),
      };
    }
    return this.#made.data;
  }

  /** Whether the drawn places are those of this data. */
  get places(): Network | null {
    return this.#made?.of ?? null;
  }

  /** The least similarity of two nearest items of the network; null when there is none yet. */
  get least(): number | null {
    return this.#fetched?.network.least ?? null;
  }

  retry(): void {
    this.#asked = null;
    this.trouble = null;
    this.onChange();
  }

  #ask(result: RunResult, key: string, { look }: Shown): void {
    if (this.#asked?.of === result && this.#asked.key === key) return;
    this.#asked?.abort.abort();
    const asked = (this.#asked = { of: result, key, abort: new AbortController() });
    this.trouble = null;
    this.host.network(look.network, asked.abort.signal).then(
      (network) => {
        if (this.#asked !== asked) return;
        this.#fetched = network && { of: result, network };
        this.trouble = network ? null : { text: "The network is not kept between windows.", run: true };
        this.onChange();
      },
      (error: unknown) => {
        if (this.#asked !== asked || isCancelled(error)) return;
        this.trouble = { text: error instanceof Error ? error.message : String(error), run: false };
        this.onChange();
      },
    );
  }
}
