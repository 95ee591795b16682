import { LensError } from "../../protocol/errors";
import type { RemoteProvider } from "../../protocol/models";

/** Where texts are sent, and with which key. The key is never part of a message, a log or a card. */
export interface Server {
  /** Base address without a slash at its end. */
  address: string;
  /** Absent: none is sent. */
  key?: string;
}

/** Tells, at the time of each run, which server a provider's models run on. */
export type Servers = (provider: RemoteProvider) => Promise<Server>;

const OFFICIAL: Readonly<Record<RemoteProvider, string>> = {
  cohere: "https://api.cohere.com",
  openai: "https://api.openai.com/v1",
};

/** Whether this is the provider's own server, which answers nobody without a key. */
export const isOfficial = (provider: RemoteProvider, address: string): boolean => OFFICIAL[provider] === address;

export const hostOfAddress = (address: string): string => new URL(address).host;

/**
 * The base address of a server: the wished one in one form, or the provider's own.
 * @throws LensError "network" when it is no http address, or holds a name and a password
 */
export function serverAddress(provider: RemoteProvider, wished?: string): string {
  if (wished === undefined || wished.trim() === "") return OFFICIAL[provider];
  const url = URL.canParse(wished.trim()) ? new URL(wished.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new LensError(
      "network",
      `The address of the ${NAMES[provider]} server is not an http or https address: correct it.`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "") {
    throw new LensError(
      "network",
      `The address of the ${NAMES[provider]} server must not hold a name, a password or a query: set a key instead.`,
    );
  }
  const path = url.pathname.replace(/\/+$/, "");
  switch (provider) {
    case "cohere":
      // The client adds the version itself.
      return url.origin + path.replace(/\/v[12]$/, "");
    case "openai":
      return url.origin + (path === "" ? "/v1" : path);
  }
}

/** What a person calls a provider. */
export const NAMES: Readonly<Record<RemoteProvider, string>> = { cohere: "Cohere", openai: "OpenAI-compatible" };
