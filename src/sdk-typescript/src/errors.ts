export interface ErrorDetail {
  field: string;
  message: string;
}

/** An answer of the server that is not a success. Switch on `code`; the message is for people. */
export class PhoenixError extends Error {
  override readonly name: string = 'PhoenixError';

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly details: ErrorDetail[] = [],
    /** Key of the logical call, to ask with or to repeat under; undefined for reads. */
    readonly idempotencyKey?: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** No answer after every repetition. What became of a write is not known: ask with its key, or repeat it under the same one. */
export class PhoenixConnectionError extends PhoenixError {
  override readonly name = 'PhoenixConnectionError';

  constructor(cause: unknown, idempotencyKey?: string) {
    super('CONNECTION_FAILED', 0, cause instanceof Error ? cause.message : String(cause), [], idempotencyKey);
    this.cause = cause;
  }
}
