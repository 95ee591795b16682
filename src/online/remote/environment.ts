import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { RemoteProvider } from "../../protocol/models";
import { serverAddress, type Server, type Servers } from "./server";

type Variables = Readonly<Record<string, string | undefined>>;

const KEYS: Readonly<Record<RemoteProvider, readonly string[]>> = {
  cohere: ["COHERE_API_KEY", "CO_API_KEY"],
  openai: ["OPENAI_API_KEY"],
};
const ADDRESSES: Readonly<Record<RemoteProvider, string>> = { cohere: "CO_API_URL", openai: "OPENAI_BASE_URL" };

/** The address that an environment names, if it does. */
export const addressIn = (variables: Variables, provider: RemoteProvider): string | undefined =>
  variables[ADDRESSES[provider]] || undefined;

const keyIn = (variables: Variables, provider: RemoteProvider): string | undefined =>
  KEYS[provider].map((name) => variables[name]?.trim()).find(Boolean);

/**
 * Servers and keys of the command line: from the environment, else from the file .env of a folder. A key of the environment
 * is not sent to a server that only the file names: who gives away a folder could collect keys with it.
 */
export function environmentServers(env: Variables, folder: string): Servers {
  let file: Promise<Variables> | undefined;
  return async (provider) => {
    file ??= readFile(join(folder, ".env"), "utf8").then(parseEnv, () => ({}));
    const written = await file;
    const own = addressIn(env, provider);
    const address = serverAddress(provider, own ?? addressIn(written, provider));
    const fromFile = own === undefined && addressIn(written, provider) !== undefined;
    const key = fromFile ? keyIn(written, provider) : (keyIn(env, provider) ?? keyIn(written, provider));
    return withKey(address, key);
  };
}

export const withKey = (address: string, key: string | undefined): Server =>
  key === undefined ? { address } : { address, key };
