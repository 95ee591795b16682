/** Why something failed, for code that has to tell the reasons apart; the message is what a person reads. */
export type LensErrorReason =
  | "recipe" // the recipe or an option is not valid
  | "source" // the source is missing, empty or unreadable
  | "model" // the model is missing, broken or does not fit the items
  | "network" // a download or a server failed
  | "key" // a server wants another key, or one at all
  | "write" // an output could not be written
  | "cancelled" // the user stopped it: never shown as an error
  | "engine" // the engine process died
  | "internal"; // a fault of ours

/** An error whose message a person sees: what happened, to which file or row, and what to do next. */
export class LensError extends Error {
  constructor(
    readonly reason: LensErrorReason,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "LensError";
  }

  /** Each file of dist/ has a copy of this class: an error of one is an error of all. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "LensError";
  }
}

export const cancelled = (): LensError => new LensError("cancelled", "Cancelled.");

export const isCancelled = (error: unknown): boolean =>
  (error instanceof LensError && error.reason === "cancelled") ||
  (error instanceof Error && error.name === "AbortError");

/** The part of an error that travels between processes. */
export interface ErrorData {
  reason: LensErrorReason;
  message: string;
}

const REASONS = new Set(["recipe", "source", "model", "network", "key", "write", "cancelled", "engine", "internal"]);

export function toErrorData(error: unknown): ErrorData {
  if (error instanceof LensError) return { reason: error.reason, message: error.message };
  if (isCancelled(error)) return { reason: "cancelled", message: "Cancelled." };
  return { reason: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** Undoes `toErrorData`; anything else becomes an internal error with its message. */
export function fromErrorData(data: unknown, fallback = "Something went wrong."): LensError {
  if (typeof data === "object" && data !== null) {
    const { reason, message } = data as Partial<ErrorData>;
    if (typeof reason === "string" && REASONS.has(reason) && typeof message === "string") {
      return new LensError(reason, message);
    }
  }
  return new LensError("internal", fallback);
}
