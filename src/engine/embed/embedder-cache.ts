import type { LocalModel } from "../../protocol/engine";
import { canonicalJson } from "../../protocol/recipe";
import type { Embedder } from "./embedder";
import { openEmbedder } from "./open";

/** The models that a thread keeps loaded: the last two, so that comparing a pair does not reload. */
export class EmbedderCache {
  private readonly open = new Map<string, Promise<Embedder>>();

  constructor(private readonly limit = 2) {}

  /** @throws LensError "model" when the model cannot be loaded; the next call tries again */
  async get(model: LocalModel): Promise<Embedder> {
    const key = canonicalJson(model);
    const loaded = this.open.get(key) ?? openEmbedder(model);
    this.open.delete(key);
    this.open.set(key, loaded);
    try {
      const embedder = await loaded;
      await this.evict();
      return embedder;
    } catch (error) {
      if (this.open.get(key) === loaded) this.open.delete(key);
      throw error;
    }
  }

  private async evict(): Promise<void> {
    while (this.open.size > this.limit) {
      const [oldest, embedder] = this.open.entries().next().value!;
      this.open.delete(oldest);
      await (await embedder).dispose();
    }
  }
}
