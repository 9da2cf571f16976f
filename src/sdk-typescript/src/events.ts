import { Transport, type CallOptions } from './transport.js';
import type { EventParams, PageParams, PhoenixEvent } from './types.js';

/** Heartbeats come every 15 seconds: a connection that is silent for three of them is dead. */
const SILENCE_MAX_MS = 45_000;

export interface Frame {
  event: string;
  id: string;
  data: string;
}

/** The number in a sequence such as seq_000000000042; those can be compared. */
export function sequenceOf(event: PhoenixEvent | string): bigint {
  return BigInt((typeof event === 'string' ? event : event.sequence).replace(/^seq_/, ''));
}

export class Events {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  /** With from_sequence oldest first, without it newest first. */
  list(params: EventParams & PageParams = {}, options?: CallOptions): AsyncIterable<PhoenixEvent> {
    return this.#http.list('/events', params, options);
  }

  /**
   * Events in order, for as long as they are read. A broken connection is made again and goes on after the last event, without a gap; the same
   * event may come twice: drop what you have seen by its sequence. Ends when the loop does, or with the reason of the signal.
   */
  async *stream(params: EventParams = {}, options: Pick<CallOptions, 'signal'> = {}): AsyncGenerator<PhoenixEvent, void, undefined> {
    let lastId = '';
    for (let failures = 0; ; ) {
      const silence = new AbortController();
      const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const heard = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(new Error('the stream fell silent')), SILENCE_MAX_MS);
      };
      try {
        heard();
        const response = await this.#http.open('/events/stream', params, lastId ? { 'last-event-id': lastId } : {}, signal);
        for await (const frame of framesOf(response.body!, heard)) {
          if (frame.id) lastId = frame.id;
          failures = 0;
          if (frame.data && frame.event !== 'heartbeat') yield JSON.parse(frame.data) as PhoenixEvent;
        }
      } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason;
        if (!Transport.mayPass(error)) throw error;
      } finally {
        clearTimeout(timer);
        silence.abort();
      }

      await this.#http.wait(++failures, 0, options.signal);
    }
  }
}

/** Frames of server-sent events, also those that carry an id alone. */
export async function* framesOf(body: ReadableStream<Uint8Array>, heard: () => void = () => {}): AsyncGenerator<Frame, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let frame: Frame = { event: '', id: '', data: '' };
  for await (const chunk of body) {
    heard();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line === '') {
        if (frame.id || frame.data) yield frame;
        frame = { event: '', id: '', data: '' };
        continue;
      }

      const colon = line.indexOf(':');
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'data') frame.data += (frame.data ? '\n' : '') + value;
      else if (name === 'event' || name === 'id') frame[name] = value;
    }
  }
}
