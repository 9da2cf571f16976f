import { PhoenixConnectionError, PhoenixError, type ErrorDetail } from './errors.js';
import type { Page } from './types.js';

export interface PhoenixOptions {
  /** An API key or a token. */
  apiKey: string;
  /** Of the REST front; default http://127.0.0.1:8080. */
  baseUrl?: string;
  /** Attempts of one logical call; default 6. */
  maxAttempts?: number;
  /** Of one attempt, in milliseconds; default 10000. */
  timeoutMs?: number;
  /** Most that is waited before the first repetition, in milliseconds; default 100. It doubles with each. */
  backoffMs?: number;
  fetch?: typeof fetch;
}

export interface CallOptions {
  /** 1 to 255 characters; without it one is made. Give one when another process may have to repeat the call. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export type Query = object;

const BACKOFF_MAX_MS = 10_000;
const PASSING = new Set([408, 429, 502, 503, 504]);

/** Sends logical calls: each has one key, whatever the number of attempts. */
export class Transport {
  readonly #options: Required<PhoenixOptions>;

  constructor(options: PhoenixOptions) {
    if (!options.apiKey) throw new TypeError('apiKey is required');
    this.#options = {
      apiKey: options.apiKey,
      baseUrl: (options.baseUrl ?? 'http://127.0.0.1:8080').replace(/\/+$/, ''),
      maxAttempts: options.maxAttempts ?? 6,
      timeoutMs: options.timeoutMs ?? 10_000,
      backoffMs: options.backoffMs ?? 100,
      fetch: options.fetch ?? globalThis.fetch,
    };
  }

  async get<T>(path: string, query: Query = {}, options: CallOptions = {}): Promise<T> {
    return unwrap<T>(await this.#run('GET', path, query, undefined, undefined, options.signal));
  }

  async write<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body: object | undefined, options: CallOptions = {}): Promise<T> {
    checkAmounts(body);
    return unwrap<T>(await this.#run(method, path, {}, body, options.idempotencyKey ?? crypto.randomUUID(), options.signal));
  }

  /** Every row of a list, page after page. */
  async *list<T>(path: string, query: Query = {}, options: CallOptions = {}): AsyncGenerator<T, void, undefined> {
    for (let cursor: string | undefined; ; ) {
      const page = (await this.#run('GET', path, { ...query, cursor }, undefined, undefined, options.signal)) as Page<T>;
      yield* page.data;
      if (page.pagination.next_cursor === null) return;
      cursor = page.pagination.next_cursor;
    }
  }

  /** A request that is not repeated and has no time limit: its body is a stream. */
  async open(path: string, query: Query, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const response = await this.#options.fetch(this.#url(path, query), { headers: { ...this.#headers(), accept: 'text/event-stream', ...headers }, signal });
    if (!response.ok) throw await errorOf(response, undefined);
    return response;
  }

  /** Whether repeating may help. */
  static mayPass(error: unknown): boolean {
    return error instanceof PhoenixError ? error.status === 0 || PASSING.has(error.status) : true;
  }

  async wait(attempt: number, retryAfter: number, signal: AbortSignal | undefined): Promise<void> {
    const bound = Math.min(this.#options.backoffMs * 2 ** (attempt - 1), BACKOFF_MAX_MS);
    // A random part: callers that failed together do not come back together.
    const milliseconds = Math.max(bound * (0.5 + Math.random() / 2), Math.min(retryAfter * 1000, BACKOFF_MAX_MS));
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, milliseconds);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  async #run(method: string, path: string, query: Query, body: object | undefined, key: string | undefined, signal: AbortSignal | undefined): Promise<unknown> {
    const headers: Record<string, string> = this.#headers();
    if (key !== undefined) headers['idempotency-key'] = key;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const text = body === undefined ? null : JSON.stringify(body);
    for (let attempt = 1; ; attempt++) {
      let error: PhoenixError;
      let retryAfter = 0;
      try {
        signal?.throwIfAborted();
        const timeout = AbortSignal.timeout(this.#options.timeoutMs);
        const response = await this.#options.fetch(this.#url(path, query), { method, headers, body: text, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
        if (response.ok) return response.status === 204 ? undefined : await response.json();
        retryAfter = Number(response.headers.get('retry-after')) || 0;
        error = await errorOf(response, key);
      } catch (cause) {
        if (signal?.aborted) throw signal.reason;
        error = new PhoenixConnectionError(cause, key);
      }

      if (attempt >= this.#options.maxAttempts || !Transport.mayPass(error)) throw error;
      await this.wait(attempt, retryAfter, signal);
    }
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#options.apiKey}` };
  }

  #url(path: string, query: Query): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
    const search = new URLSearchParams(given.flatMap(([name, value]) => (name === 'attribute' ? [value].flat() : [value]).map((one) => [name, Array.isArray(one) ? one.join(',') : String(one)])));
    return `${this.#options.baseUrl}${path}${given.length > 0 ? `?${search}` : ''}`;
  }
}

/** A path with its parameters escaped. */
export function at(parts: TemplateStringsArray, ...parameters: string[]): string {
  return parts.reduce((path, part, i) => path + encodeURIComponent(parameters[i - 1] ?? '') + part);
}

function unwrap<T>(answer: unknown): T {
  return (answer as { data: T } | undefined)?.data as T;
}

/** A number with a fraction is a mistake about units, and one beyond 2^53 is not the number that was written. */
function checkAmounts(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  for (const [name, value] of Object.entries(body)) {
    if (name === 'metadata' || name === 'attributes') continue;
    if (['amount', 'floor', 'ceiling'].includes(name) && typeof value === 'number' && !Number.isSafeInteger(value))
      throw new TypeError(`${name} has to be a safe integer of smallest units, or a string`);
    checkAmounts(value);
  }
}

async function errorOf(response: Response, key: string | undefined): Promise<PhoenixError> {
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string; details?: ErrorDetail[] } };
    return new PhoenixError(error.code, response.status, error.message, error.details, key);
  } catch {
    return new PhoenixError(`HTTP_${response.status}`, response.status, response.statusText, [], key);
  }
}
