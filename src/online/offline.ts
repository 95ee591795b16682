import { LensError } from "../protocol/errors";

/** Whether nothing may be fetched or sent now. */
export type Offline = () => boolean;

/** Offline mode by EMBEDDING_LENS_OFFLINE: anything but nothing, "0", "false" and "no". */
export const offlineByEnvironment = (env: Readonly<Record<string, string | undefined>> = process.env): boolean =>
  !/^(|0|false|no)$/i.test(env["EMBEDDING_LENS_OFFLINE"]?.trim() ?? "");

/** What is refused in offline mode. @param why what it was wanted for, as half a sentence */
export const refusedOffline = (why: string): LensError =>
  new LensError(
    "network",
    `Nothing is downloaded or sent in offline mode (setting embeddingLens.offline, --offline or EMBEDDING_LENS_OFFLINE): ${why}.`,
  );
