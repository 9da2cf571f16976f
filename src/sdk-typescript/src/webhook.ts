import type { PhoenixEvent } from './types.js';

export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

export interface WebhookDelivery {
  /** The body as it came, before anything parsed it. */
  payload: string | Uint8Array;
  /** webhook-id, webhook-timestamp and webhook-signature are read, in any case of letters. */
  headers: Headers | Record<string, string | string[] | undefined>;
  /** As shown when the webhook was made; several while one is being rotated. */
  secret: string | string[];
  /** Seconds that the timestamp may be off; default 300. */
  toleranceSeconds?: number;
  /** Unix milliseconds; default the clock's. */
  now?: number;
}

/**
 * Checks a delivery by Standard Webhooks 1.0.0 and gives its event.
 * Keep `webhook-id`s for four days and drop what you have seen: deliveries are repeated.
 */
export async function verifyWebhook(delivery: WebhookDelivery): Promise<PhoenixEvent> {
  const id = header(delivery.headers, 'webhook-id');
  const timestamp = header(delivery.headers, 'webhook-timestamp');
  const signatures = header(delivery.headers, 'webhook-signature');
  const seconds = Number(timestamp);
  const tolerance = delivery.toleranceSeconds ?? 300;
  if (!/^\d+$/.test(timestamp) || Math.abs((delivery.now ?? Date.now()) / 1000 - seconds) > tolerance) throw new WebhookVerificationError('the timestamp is too far from now');
  const text = new TextEncoder();
  const payload = typeof delivery.payload === 'string' ? text.encode(delivery.payload) : delivery.payload;
  const head = text.encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + payload.length);
  signed.set(head);
  signed.set(payload, head.length);
  for (const secret of typeof delivery.secret === 'string' ? [delivery.secret] : delivery.secret) {
    const key = await crypto.subtle.importKey('raw', keyOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    for (const signature of signatures.split(' ')) {
      const value = signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : undefined;
      // verify compares in constant time
      if (value && (await crypto.subtle.verify('HMAC', key, value, signed))) return JSON.parse(new TextDecoder().decode(payload)) as PhoenixEvent;
    }
  }

  throw new WebhookVerificationError('no signature fits');
}

function header(headers: WebhookDelivery['headers'], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof value !== 'string' || value === '') throw new WebhookVerificationError(`${name} is missing`);
  return value;
}

/** What stands after whsec_, decoded; of a secret of one's own its bytes. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  return (secret.startsWith('whsec_') ? fromBase64(secret.slice('whsec_'.length)) : undefined) ?? new TextEncoder().encode(secret);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
