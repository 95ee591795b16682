import {
  CancellationTokenSource,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
  type RequestType,
} from "vscode-jsonrpc";
import { cancelled, fromErrorData, toErrorData, type ErrorData } from "./errors";

/** The code of every error we send: the reason is in its data. */
const LENS_ERROR = 1;

/** Answers a request; whatever the handler throws travels as `ErrorData`. The signal is aborted when the caller cancels. */
export function handle<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, ErrorData>,
  handler: (params: P, signal: AbortSignal) => Promise<R> | R,
): void {
  connection.onRequest(type.method, async (params: P, token: CancellationToken) => {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      return await handler(params, abort.signal);
    } catch (error) {
      const data = toErrorData(error);
      return new ResponseError(LENS_ERROR, data.message, data);
    } finally {
      listener.dispose();
    }
  });
}

/**
 * Asks the other side; aborting the signal cancels there, and what comes of it is still waited for.
 * @throws LensError with the reason of the other side
 */
export async function callToEnd<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, ErrorData>,
  params: P,
  signal: AbortSignal,
): Promise<R> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await connection.sendRequest<R>(type.method, params, source.token).catch(rethrow);
  } finally {
    signal.removeEventListener("abort", cancel);
    source.dispose();
  }
}

/**
 * Asks the other side; aborting the signal cancels there and rejects here at once.
 * @throws LensError with the reason of the other side
 */
export async function call<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, ErrorData>,
  params: P,
  signal?: AbortSignal,
): Promise<R> {
  if (signal?.aborted) throw cancelled();
  const source = new CancellationTokenSource();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      source.cancel();
      reject(cancelled());
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  const answer = connection.sendRequest<R>(type.method, params, source.token).catch(rethrow);
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    if (onAbort) signal?.removeEventListener("abort", onAbort);
    answer.catch(() => undefined);
    aborted.catch(() => undefined);
    source.dispose();
  }
}

function rethrow(error: unknown): never {
  throw error instanceof ResponseError
    ? fromErrorData(error.data, error.message)
    : fromErrorData(null, error instanceof Error ? error.message : String(error));
}
