import { addressIn, withKey } from "../../online/remote/environment";
import { hostOfAddress, serverAddress, type Server } from "../../online/remote/server";
import type { RemoteProvider } from "../../protocol/models";

/** The part of `vscode.SecretStorage` that keeps keys. */
export interface Secrets {
  get(name: string): Thenable<string | undefined>;
  store(name: string, value: string): Thenable<void>;
  delete(name: string): Thenable<void>;
}

/** The address that is set for a provider's server, if one is. */
export type Addresses = (provider: RemoteProvider) => string | undefined;

/** Servers with their keys. A key belongs to the host it was given for: another address in the settings never gets it. */
export class ApiKeys {
  constructor(
    private readonly secrets: Secrets,
    private readonly addresses: Addresses,
    private readonly env: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  /** @throws LensError "network" when the address that is set is none */
  async server(provider: RemoteProvider): Promise<Server> {
    const address = this.#address(provider);
    return withKey(address, (await this.secrets.get(nameOf(provider, address))) || undefined);
  }

  /** The server's name and port. @throws as `server` */
  host(provider: RemoteProvider): string {
    return hostOfAddress(this.#address(provider));
  }

  async has(provider: RemoteProvider): Promise<boolean> {
    return (await this.server(provider)).key !== undefined;
  }

  async set(provider: RemoteProvider, key: string): Promise<void> {
    await this.secrets.store(nameOf(provider, this.#address(provider)), key.trim());
  }

  async remove(provider: RemoteProvider): Promise<void> {
    await this.secrets.delete(nameOf(provider, this.#address(provider)));
  }

  #address(provider: RemoteProvider): string {
    return serverAddress(provider, this.addresses(provider) ?? addressIn(this.env, provider));
  }
}

const nameOf = (provider: RemoteProvider, address: string): string => `apiKey ${provider} ${hostOfAddress(address)}`;
