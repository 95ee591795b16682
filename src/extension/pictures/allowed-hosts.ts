import type { Memento } from "../panel-records";

const KEY = "pictureHosts";

/** The hosts (name and port) from which the person lets pictures of this workspace be loaded. */
export class AllowedHosts {
  constructor(private readonly memento: Memento) {}

  has(host: string): boolean {
    return this.#all().includes(host);
  }

  async add(hosts: readonly string[]): Promise<void> {
    if (hosts.length > 0) await this.memento.update(KEY, [...new Set([...this.#all(), ...hosts])]);
  }

  #all(): string[] {
    const stored = this.memento.get(KEY);
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === "string") : [];
  }
}
