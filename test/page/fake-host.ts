// Runs in the page before its own script: plays the extension host over the same wire, and notes what the page says.
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  type Message,
} from "vscode-jsonrpc/browser";
import type { CompareRun } from "../../src/protocol/compare";
import { LensError } from "../../src/protocol/errors";
import {
  HostNotifications,
  PageNotifications,
  PanelRequests,
  type RunState,
  type Snapshot,
} from "../../src/protocol/panel";
import type { RunResult } from "../../src/protocol/result";
import { handle } from "../../src/protocol/rpc";
import { triangleOf } from "../support/triangle";
import { tableOf } from "./fake-table";
import {
  anomaliesOf,
  comparisonOf,
  foundIn,
  MODELS,
  networkOf,
  resultOf,
  similarityOf,
  snapshotOf,
  textOf,
  type FixtureOptions,
} from "./fixtures";

/** The few things of a browser that are used here: the tests are checked without its types. */
interface Page {
  dispatchEvent(event: unknown): void;
  MessageEvent: new (type: string, init: { data: unknown }) => unknown;
  OffscreenCanvas: new (
    width: number,
    height: number,
  ) => {
    getContext(kind: "2d"): {
      fillStyle: string;
      font: string;
      fillRect(x: number, y: number, w: number, h: number): void;
      fillText(text: string, x: number, y: number): void;
    };
    convertToBlob(): Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>;
  };
  acquireVsCodeApi(): unknown;
  addEventListener(type: string, listener: (event: { violatedDirective: string; blockedURI: string }) => void): void;
  fakeHost: FakeHost;
}
const page = globalThis as unknown as Page;

export interface HostOptions {
  fixture: FixtureOptions;
  change?: Partial<Snapshot>;
  /** What `getState` gives at first. */
  state?: unknown;
  /** Requests that fail with this sentence. */
  failing?: Record<string, string>;
  texts?: Record<number, string>;
  /** No vectors in memory: neighbours, similarity and matrix are null. */
  restored?: boolean;
  /** Items that the second model of a comparison leaves out. */
  without?: number;
  /** Comparisons go on until `sendCompared`. */
  hold?: boolean;
}

export class FakeHost {
  readonly log: { method: string; params: unknown }[] = [];
  readonly violations: string[] = [];
  savedText = "";
  /** Bytes of what was saved last. */
  saved: { format: string; size: number; start: string; kept?: Uint8Array } | null = null;
  state: unknown;
  readonly #incoming: DataCallback[] = [];
  readonly #connection;

  constructor(private readonly options: HostOptions) {
    this.state = options.state;
    page.addEventListener("securitypolicyviolation", (event) =>
      this.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
    const incoming = this.#incoming;
    class Reader extends AbstractMessageReader {
      listen(callback: DataCallback): { dispose(): void } {
        incoming.push(callback);
        return { dispose: () => undefined };
      }
    }
    class Writer extends AbstractMessageWriter {
      write(message: Message): Promise<void> {
        page.dispatchEvent(new page.MessageEvent("message", { data: structuredClone(message) }));
        return Promise.resolve();
      }
      end(): void {
        // Nothing to close.
      }
    }
    this.#connection = createMessageConnection(new Reader(), new Writer());
    this.#answer();
    this.#connection.listen();
  }

  api(): unknown {
    return {
      postMessage: (message: Message & { method?: string; params?: unknown }) => {
        const copy = structuredClone(message);
        if (copy.method !== undefined) this.log.push({ method: copy.method, params: copy.params });
        setTimeout(() => this.#incoming.forEach((callback) => callback(copy)), 0);
      },
      getState: () => this.state,
      setState: (state: unknown) => (this.state = structuredClone(state)),
    };
  }

  sendState(state: RunState): void {
    void this.#connection.sendNotification(HostNotifications.state, { state });
  }

  sendResult(fixture: FixtureOptions, change: Partial<RunResult> = {}): void {
    const result = { ...resultOf(fixture), ...change };
    void this.#connection.sendNotification(HostNotifications.result, { result, recipe: result.recipe });
  }

  /** @param places (2 × points) x and y of each */
  sendForming(places: readonly [number, number][], done: number, total: number): void {
    const [x, y] = [0, 1].map((axis) => Float32Array.from(places, (place) => place[axis]!));
    void this.#connection.sendNotification(HostNotifications.forming, { forming: { x: x!, y: y!, done, total } });
  }

  sendOffer(id: string): void {
    const offer = MODELS.find(({ card }) => card.id === id) ?? null;
    void this.#connection.sendNotification(HostNotifications.models, { models: MODELS, offer });
  }

  /** Puts a copy of a model before all others. */
  sendModelBefore(id: string): void {
    const { card, ...rest } = MODELS.find((model) => model.card.id === id)!;
    const models = [{ ...rest, card: { ...card, id: "new", name: "New" } }, ...MODELS];
    void this.#connection.sendNotification(HostNotifications.models, { models, offer: null });
  }

  sendSelect(index: number): void {
    void this.#connection.sendNotification(HostNotifications.select, { index });
  }

  sendComparing(model: string | null, run: CompareRun): void {
    void this.#connection.sendNotification(HostNotifications.comparing, { compare: { model, run } });
  }

  /** @param model null: what was known is taken back */
  sendCompared(model: string | null): void {
    const { fixture, without } = this.options;
    const comparison = model === null ? null : comparisonOf(resultOf(fixture), model, without);
    void this.#connection.sendNotification(HostNotifications.compared, { comparison });
    if (model !== null) this.sendComparing(model, { kind: "idle" });
  }

  #answer(): void {
    const { options } = this;
    const connection = this.#connection;
    const snapshot = snapshotOf(options.fixture, options.change);
    const { items } = snapshot.result ?? resultOf(options.fixture);
    const text = (index: number): string => options.texts?.[index] ?? textOf(index);
    const check = (request: string): void => {
      const failure = options.failing?.[request];
      if (failure) throw new LensError("engine", failure);
    };
    connection.onNotification(PageNotifications.ready, () => {
      void connection.sendNotification(HostNotifications.snapshot, snapshot);
    });
    handle(connection, PanelRequests.texts, ({ index, maxLength }) => {
      check("texts");
      return Array.from(index, (one) => text(one).slice(0, maxLength));
    });
    handle(connection, PanelRequests.thumbnail, async ({ index, size }) => ({
      type: "image/png" as const,
      bytes: await paint(items.label[index] ?? 0, index, size),
    }));
    handle(connection, PanelRequests.details, ({ index }) => {
      check("details");
      const others = [index ^ 1, index + 2, index + 3, index + 5, index + 7].map((one) => one % items.count);
      return {
        index,
        text: items.kind === "text" ? text(index) : null,
        label: items.labels[items.label[index]!] ?? null,
        path: items.paths[items.path[index]!]!,
        place: items.placeKind === "none" ? "" : `line ${items.place[index]}`,
        neighbors: options.restored
          ? null
          : others.map((one) => ({ index: one, similarity: similarityOf(index, one) })),
      };
    });
    let { recipe } = snapshot;
    connection.onNotification(PageNotifications.setRecipe, (message) => {
      recipe = message.recipe;
    });
    connection.onNotification(PageNotifications.compareWith, ({ model }) => {
      const failure = options.failing?.["compare"];
      if (model === null) return this.sendComparing(null, { kind: "idle" });
      if (failure) this.sendComparing(model, { kind: "failed", error: { reason: "model", message: failure } });
      else if (options.hold) this.sendComparing(model, { kind: "running", progress: null });
      else this.sendCompared(model);
    });
    handle(connection, PanelRequests.columns, () => {
      check("columns");
      return tableOf(recipe);
    });
    handle(connection, PanelRequests.record, ({ index }) => {
      const { columns, rows } = tableOf(recipe);
      const row = options.fixture.dataset && rows[index % rows.length];
      return row ? columns.map(({ name }, at) => ({ name, value: row[at] ?? "" })) : null;
    });
    handle(connection, PanelRequests.similarity, ({ a, b }) => (options.restored ? null : similarityOf(a, b)));
    handle(connection, PanelRequests.matrix, () => {
      check("matrix");
      if (options.restored) return null;
      const n = Math.min(items.count, 2_000);
      const index = Int32Array.from({ length: n }, (_, i) => i);
      return { index, triangle: triangleOf(n, similarityOf), total: items.count, metric: "cosine" as const };
    });
    handle(connection, PanelRequests.order, () => {
      check("order");
      return options.restored ? null : Int32Array.from({ length: Math.min(items.count, 2_000) }, (_, i) => i).reverse();
    });
    handle(connection, PanelRequests.search, ({ k }) => {
      check("search");
      return options.restored ? null : foundIn(items.count, k);
    });
    handle(connection, PanelRequests.network, ({ settings }) => {
      check("network");
      return options.restored ? null : networkOf(items.count, settings);
    });
    handle(connection, PanelRequests.anomalies, ({ threshold }) => {
      check("anomalies");
      return options.restored ? null : anomaliesOf(items, threshold);
    });
    handle(connection, PanelRequests.save, ({ format, data, kept }) => {
      check("save");
      const start = typeof data === "string" ? data.slice(0, 60) : data ? [...data.slice(0, 8)].join(" ") : "";
      this.savedText = typeof data === "string" ? data : "";
      this.saved = { format, size: data?.length ?? 0, start, ...(kept && { kept }) };
      return `/home/me/chart.${format}`;
    });
  }
}

async function paint(label: number, index: number, size: number): Promise<Uint8Array> {
  const canvas = new page.OffscreenCanvas(size, Math.round(size * 0.75));
  const context = canvas.getContext("2d");
  context.fillStyle = `hsl(${(label * 53) % 360} 45% ${40 + (index % 7) * 5}%)`;
  context.fillRect(0, 0, size, size);
  context.fillStyle = "white";
  context.font = `${size / 4}px sans-serif`;
  context.fillText(String(index), size / 4, size / 2);
  return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
}

/** Called by the harness with the options of a test. */
export function install(options: HostOptions): void {
  page.fakeHost = new FakeHost(options);
  page.acquireVsCodeApi = () => page.fakeHost.api();
}
