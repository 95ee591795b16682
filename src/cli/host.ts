import path from "node:path";
import type { EngineHost, PictureHost } from "../engine/client";
import type { RemoteModels } from "../online/remote/remote-models";
import { fetchFile } from "../online/remote-file";
import { sendingSentence } from "../online/remote/sending";
import type { Sending } from "../protocol/engine";
import { LensError } from "../protocol/errors";
import { isRemoteId, type ModelCard } from "../protocol/models";
import type { Given } from "./options";
import type { Io } from "./io";
import { megabytes, plain, type Terminal } from "./terminal";

/**
 * Gives the engine its models. One that is not on this machine is downloaded after a question on the terminal, or with
 * --yes; without a terminal it is refused with the command that fetches it.
 * @param base the folder that relative paths of models start from, once it is known
 */
export function modelHost(io: Io, given: Given, terminal: Terminal, base: () => string): EngineHost {
  let opened: Promise<RemoteModels> | undefined;
  const remote = (): Promise<RemoteModels> => (opened ??= io.openRemote((line) => terminal.note(line), given));
  return {
    modelFile: async (id, run) => {
      if (isRemoteId(id)) return (await remote()).resolve(id);
      const store = await io.openModels(given);
      return store.resolve(isPath(id) ? path.resolve(base(), id) : id, {
        signal: run.signal,
        onProgress: (done, total) => run.progress({ stage: "model", done, total }),
        confirm: (card, bytes, from) => mayDownload({ card, bytes, from }, io, given, terminal),
      });
    },
    pictures: picturesOf(given),
    notice: (text) => terminal.note(text),
    remote: {
      confirmSending: async (sending) => {
        (await remote()).refuseOffline(sending.model);
        return maySend(sending, io, given, terminal);
      },
      embed: async (request, { signal }) => (await remote()).embed(request, signal),
    },
  };
}

/** Pictures are loaded from hosts that --allow-host names (several apart by commas). */
function picturesOf(given: Given): PictureHost {
  const allowed = new Set((given["allow-host"] ?? "").split(",").map((host) => host.trim().toLowerCase()));
  const allows = (host: string): boolean => allowed.has(host) || allowed.has(host.replace(/:\d+$/, ""));
  return {
    confirmHosts: (hosts) => {
      const open = hosts.filter(({ host }) => allows(host));
      const closed = hosts.find(({ host }) => !allows(host));
      if (open.length === 0 && closed) {
        const others = hosts.length > 1 ? ` and ${hosts.length - 1} more hosts` : "";
        throw new LensError(
          "network",
          `Pictures of this dataset are on ${closed.host}${others}: nothing was loaded. Add --allow-host ${closed.host} to agree.`,
        );
      }
      return Promise.resolve(open.map(({ host }) => host));
    },
    remoteFile: (url, maxBytes, { signal }) => fetchFile(url, maxBytes, allows, signal),
  };
}

const isPath = (id: string): boolean => /[\\/]|\.onnx$/i.test(id);

interface Offer {
  card: ModelCard;
  /** What is not here yet. */
  bytes: number;
  /** The server. */
  from: string;
}

/** @throws LensError "model" when the answer is no */
async function mayDownload(offer: Offer, io: Io, given: Given, terminal: Terminal): Promise<boolean> {
  if (given.yes !== undefined) return true;
  const { card } = offer;
  if (io.stdin.isTTY && io.stderr.isTTY) {
    terminal.clear();
    io.stderr.write(`${question(offer)} [y/N] `);
    if (/^y(es)?$/i.test((await io.stdin.line()).trim())) return true;
  }
  throw new LensError("model", `${card.name} is not on this machine: run \`embedding-lens models fetch ${card.id}\`.`);
}

/** @throws LensError "model" when there is nobody to ask, or the answer is no */
async function maySend(sending: Sending, io: Io, given: Given, terminal: Terminal): Promise<boolean> {
  if (given.yes !== undefined) {
    terminal.note(`${sendingSentence(sending)}.`);
    return true;
  }
  if (io.stdin.isTTY && io.stderr.isTTY) {
    terminal.clear();
    io.stderr.write(plain(`${sendingSentence(sending)}. Send? [y/N] `));
    if (/^y(es)?$/i.test((await io.stdin.line()).trim())) return true;
    throw new LensError("model", "Nothing was sent.");
  }
  throw new LensError("model", `${sendingSentence(sending)}: nothing was sent. Add --yes to agree.`);
}

/** Size, source and licence: what a person must know before a download. */
const question = ({ card, bytes, from }: Offer): string =>
  `Download ${card.name} (${megabytes(bytes)}, ${card.licence}, ${card.source}) from ${from}?`;
