import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalModel, RemoteTexts, RemoteVectors } from "../../protocol/engine";
import { cancelled, LensError } from "../../protocol/errors";
import type { ModelCard, ModelInfo, RemoteSettings } from "../../protocol/models";
import { PATIENCE_MS, type RawVectors } from "./calls";
import { cohereVectors } from "./cohere";
import { Gate, type Wait } from "./gate";
import { offlineByEnvironment, refusedOffline, type Offline } from "../offline";
import { openaiVectors } from "./openai";
import { keyRefused, refused, TooLarge, type Asked } from "./refusal";
import { remoteCard } from "./remote-card";
import { parseRemoteId } from "./remote-id";
import { persist } from "./retry";
import { hostOfAddress, isOfficial, type Server, type Servers } from "./server";
import { checkedVectors } from "./vectors";

export interface RemoteOptions {
  servers: Servers;
  /** Lines without texts and keys. */
  log?: (line: string) => void;
  /** Absent: the global one at the time of each call, which VS Code teaches about proxies. */
  fetch?: typeof fetch;
  wait?: Wait;
  /** Milliseconds since 1970. */
  now?: () => number;
  jitter?: () => number;
  patienceMs?: number;
  /** Nothing is sent while it says yes; absent: EMBEDDING_LENS_OFFLINE. */
  offline?: Offline;
}

/** Models that run on servers: what is known of them, and their vectors. Sends nothing but what `embed` is given. */
export class RemoteModels {
  private readonly gates = new Map<string, Gate>();
  private readonly wait: Wait;

  constructor(private readonly options: RemoteOptions) {
    this.wait = options.wait ?? waitFor;
  }

  /** @throws LensError "model" when the id is not understood, "network" when the server's address is no address */
  async resolve(id: string): Promise<LocalModel> {
    return { card: await this.card(id), folder: "" };
  }

  /** For a list: those of the ids that can be understood. */
  async list(ids: readonly string[]): Promise<ModelInfo[]> {
    const cards = await Promise.all([...new Set(ids)].map((id) => this.card(id).catch(() => null)));
    return cards.flatMap((card) => (card === null ? [] : [{ card, state: "remote" as const, bytes: 0 }]));
  }

  /**
   * The vectors of some texts, in their order. An abort stops waiting and trying again; a call that is on its way is
   * waited for, because it will be paid for.
   * @throws LensError "network", "key", "model" or "cancelled"
   */
  async embed(
    { model: id, server: expected, texts, pictures }: RemoteTexts,
    signal: AbortSignal,
  ): Promise<RemoteVectors> {
    this.refuseOffline(id);
    const { provider, ...parsed } = parseRemoteId(id);
    const server = await this.options.servers(provider);
    const settings: RemoteSettings = { provider, ...parsed, server: server.address };
    const asked = {
      name: remoteCard(parseRemoteId(id), server.address).name,
      model: settings.model,
      host: hostOfAddress(server.address),
    };
    if (server.address !== expected) {
      throw new LensError("model", `The server of ${asked.name} is another one since this run began: run again.`);
    }
    if (server.key === undefined && isOfficial(provider, server.address)) {
      throw keyRefused(asked, "there is no key for it; ");
    }
    return this.parts({ settings, server, asked, pictures: pictures === true }, texts, signal);
  }

  /** @throws LensError "network" when nothing may be sent now */
  refuseOffline(model: string): void {
    const { offline = offlineByEnvironment } = this.options;
    if (offline()) throw refusedOffline(`${model} runs on a server`);
  }

  private async card(id: string): Promise<ModelCard> {
    const parsed = parseRemoteId(id);
    return remoteCard(parsed, (await this.options.servers(parsed.provider)).address);
  }

  /** Asks for all texts at once, for halves of them when that is too much for the server. */
  private async parts(to: Target, texts: readonly string[], signal: AbortSignal): Promise<RemoteVectors> {
    const { settings, server, asked } = to;
    const { log = () => undefined, jitter = anyNumber } = this.options;
    try {
      const raw = await persist(
        () => this.call(to, texts),
        asked,
        { gate: this.gate(server), wait: this.wait, jitter, log },
        signal,
      );
      return checkedVectors(raw, settings, asked);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      if (texts.length === 1) {
        const what = to.pictures ? "this picture" : `a text of ${texts[0]!.length.toLocaleString("en-US")} characters`;
        const reason = `${asked.host} refuses ${what} as too large`;
        return { rows: 1, cols: 0, data: new Float32Array(0), failed: [{ at: 0, reason }] };
      }
      const half = Math.ceil(texts.length / 2);
      return joined(
        await this.parts(to, texts.slice(0, half), signal),
        await this.parts(to, texts.slice(half), signal),
        asked,
      );
    }
  }

  private call({ settings, server, asked, pictures }: Target, texts: readonly string[]): Promise<RawVectors> {
    const { fetch: get = (...args: Parameters<typeof fetch>) => fetch(...args), patienceMs = PATIENCE_MS } =
      this.options;
    const options = { settings, server, asked, pictures, fetch: get, patienceMs };
    switch (settings.provider) {
      case "cohere":
        return cohereVectors(texts, options);
      case "openai":
        return openaiVectors(texts, options);
    }
  }

  private gate({ address }: Server): Gate {
    const gate = this.gates.get(address) ?? new Gate(this.wait, this.options.now);
    this.gates.set(address, gate);
    return gate;
  }
}

interface Target {
  pictures: boolean;
  settings: RemoteSettings;
  server: Server;
  asked: Asked;
}

/** Two parts of one batch. A part of which every text failed has no columns. */
function joined(a: RemoteVectors, b: RemoteVectors, asked: Asked): RemoteVectors {
  const cols = a.cols || b.cols;
  if (a.cols > 0 && b.cols > 0 && a.cols !== b.cols) {
    throw refused(asked, `the server sent vectors of ${a.cols} and of ${b.cols} numbers, so none of this call is used`);
  }
  const data = new Float32Array((a.rows + b.rows) * cols);
  data.set(a.data, 0);
  data.set(b.data, a.rows * cols);
  return {
    rows: a.rows + b.rows,
    cols,
    data,
    failed: [...a.failed, ...b.failed.map(({ at, reason }) => ({ at: at + a.rows, reason }))],
  };
}

const anyNumber = (): number => randomInt(1_000) / 1_000;

const waitFor: Wait = async (ms, signal) => {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw cancelled();
  });
};
