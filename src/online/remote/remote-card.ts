import type { ModelCard } from "../../protocol/models";
import type { RemoteId } from "./remote-id";
import { hostOfAddress } from "./server";

/** The card of a model on a server. It has no files; its vectors are known by all that stands in `remote`. */
export function remoteCard({ id, ...settings }: RemoteId, address: string): ModelCard {
  const { provider, model, dimensions } = settings;
  const host = hostOfAddress(address);
  return {
    id,
    name: provider === "cohere" ? `Cohere ${model}` : model,
    about: `Runs on a server: sends your texts to ${host}.`,
    kind: "text",
    runtime: "remote",
    dims: dimensions ?? 0,
    files: [],
    licence: "terms of the server",
    source: host,
    trainedOn: "not known here",
    normalize: false,
    remote: { ...settings, server: address },
  };
}
