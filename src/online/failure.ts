import { LensError } from "../protocol/errors";

const CHANGED =
  "it has changed on the server since it was first downloaded here, and is refused; delete the model to accept what is there now, or use the one you have";
const REMEDY =
  "name a mirror (setting embeddingLens.modelMirror, --mirror or EMBEDDING_LENS_MIRROR), or give the path of a local file as the model";

/** What is being downloaded, for a sentence. */
export interface Subject {
  /** What a person calls it: the model's name. */
  label: string;
  /** The address that is asked. */
  url: string;
  /** Bytes expected. */
  bytes: number;
  /** What is expected was pinned by an earlier download: another file means that the server has changed it. */
  changed?: boolean;
}

/** A download can't go on, however often it is tried. */
export const failure = ({ label, url }: Subject, what: string, cause?: unknown): LensError =>
  new LensError("network", `${label} could not be downloaded from ${hostOf(url)}: ${what}.`, { cause });

/** Something that may pass: the next try goes on where this one broke. */
export class Broken extends Error {}

export const hostOf = (url: string): string => new URL(url).host;

/** "3.7 MB" */
export const megabytes = (bytes: number): string =>
  bytes >= 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${bytes.toLocaleString("en-US")} bytes`;

export const webPage = (subject: Subject): LensError =>
  failure(
    subject,
    `a web page came instead of the file, perhaps the sign-in page of a network or a proxy; sign in there, or ${REMEDY}`,
  );

export const wrongSize = (subject: Subject, bytes: number): LensError =>
  failure(
    subject,
    subject.changed
      ? CHANGED
      : `the file there has ${megabytes(bytes)} where ${megabytes(subject.bytes)} (${subject.bytes} bytes) are expected, so it is another file; ${REMEDY}`,
  );

export const wrongBytes = (subject: Subject): LensError =>
  failure(
    subject,
    subject.changed
      ? CHANGED
      : `what arrived is not the file that is expected (its SHA-256 differs) and was deleted; try again, or ${REMEDY}`,
  );

/** @returns the error of a status that will not change, Broken for one that may */
export function badStatus(subject: Subject, status: number): LensError | Broken {
  switch (status) {
    case 401:
    case 403:
      return failure(subject, `the server refuses access (${status}); ${REMEDY}`);
    case 404:
    case 410:
      return failure(subject, `the file is not there (${status}); ${REMEDY}`);
    case 511:
      return webPage(subject);
    default:
      return status === 408 || status === 416 || status === 429 || status >= 500
        ? new Broken(`the server answered ${status}`)
        : failure(subject, `the server answered ${status}; ${REMEDY}`);
  }
}

/** The last of several tries broke. */
export const gaveUp = (subject: Subject, { message, cause }: Broken, done: number): LensError =>
  failure(
    subject,
    done > 0
      ? `${message} after ${megabytes(done)} of ${megabytes(subject.bytes)}; what has arrived is kept: try again, or ${REMEDY}`
      : `${message}; check the network, or ${REMEDY}`,
    cause,
  );

/** What broke a request, in words: the reason stands in the causes of fetch's own error. */
export function whyBroken(error: unknown): Broken {
  let cause: unknown = error;
  let code = "";
  let message = "";
  while (cause instanceof Error) {
    message = cause.message;
    const own = (cause as NodeJS.ErrnoException).code;
    if (typeof own === "string") code = own;
    cause = cause.cause;
  }
  return new Broken(wordsFor(code || message), { cause: error });
}

function wordsFor(code: string): string {
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the server's address was not found: there may be no network (${code})`;
    case "ECONNREFUSED":
      return "the server refused the connection (ECONNREFUSED)";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return `there is no way to the server (${code})`;
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return `the server's certificate is not trusted, perhaps because of a proxy; NODE_EXTRA_CA_CERTS can name its certificate (${code})`;
    case "UND_ERR_SOCKET":
      return "the server ended the connection";
    default:
      return `the connection broke (${code})`;
  }
}

/** An error of the disk as a sentence; others as they are. */
export function diskFailure(error: unknown, { label, bytes }: Subject, folder: string): unknown {
  const code =
    error instanceof Error && !(error instanceof LensError) ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new LensError(
        "write",
        `There is no room for ${label} (${megabytes(bytes)}) in ${folder}: free some space, or set EMBEDDING_LENS_HOME to another folder.`,
        { cause: error },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new LensError(
        "write",
        `${label} cannot be stored in ${folder} (${code}): allow writing there, or set EMBEDDING_LENS_HOME to another folder.`,
        { cause: error },
      );
    default:
      return error;
  }
}
