import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Phoenix, PhoenixConnectionError, PhoenixError, sequenceOf, verifyWebhook, WebhookVerificationError, type PhoenixEvent } from '@phoenixcore/sdk';
import { phoenix } from '../examples/phoenix.js';

/** A server between the SDK and nobody: it fails as a test says. */
async function stub(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void): Promise<{ server: Server; sdk: Phoenix; keys: (string | undefined)[] }> {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'] as string | undefined);
    answer(request, response, keys.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, keys, sdk: new Phoenix({ apiKey: 'k', baseUrl, backoffMs: 1, maxAttempts: 4 }) };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

test('the betting flow moves the stake to the house', async () => {
  const before = BigInt((await phoenix.wallets.balances('house_wallet', { asset: 'USD' }))[0]?.available_minor ?? '0');
  await import('../examples/betting-flow.js');
  const [player] = await phoenix.wallets.balances('user_9382:USD');
  assert.deepEqual([player?.available, player?.reserved, player?.total], ['75.00', '0.00', '75.00']);
  assert.equal(BigInt((await phoenix.wallets.balance('house_wallet', 'USD')).available_minor), before + 2500n);
  for await (const bet of phoenix.reservations.list({ wallet_id: 'user_9382:USD' })) assert.equal(bet.status, 'committed');
});

test('lists go on over pages until their end', async () => {
  const wallet = await phoenix.wallets.create({ external_id: 'paged', currency: 'USD' });
  for (let i = 1; i <= 7; i++) await phoenix.credits.create({ wallet_id: wallet.id, amount: `${i}.00` });
  const amounts: string[] = [];
  for await (const credit of phoenix.credits.list({ wallet_id: wallet.id, limit: 2 })) amounts.push(credit.amount);
  assert.deepEqual(amounts, ['7.00', '6.00', '5.00', '4.00', '3.00', '2.00', '1.00']);
});

test('errors carry code, status, details and the key of the call', async () => {
  await assert.rejects(phoenix.wallets.get('nobody'), (error: PhoenixError) => error instanceof PhoenixError && error.code === 'WALLET_NOT_FOUND' && error.status === 404);
  await assert.rejects(
    phoenix.credits.create({ wallet_id: 'house_wallet', amount: '-1', asset: 'USD' }, { idempotencyKey: 'mine' }),
    (error: PhoenixError) => error.code === 'INVALID_AMOUNT' && error.details[0]?.field === 'amount' && error.idempotencyKey === 'mine',
  );
});

test('policies have versions and a status, and evaluate as the operation decides', async () => {
  const made = await phoenix.policies.create({ name: 'promo', rules: [{ type: 'intent', id: 'no-cash', denied: ['cashout'] }], overcapture: { percent: 10 } });
  assert.deepEqual([made.version, (await phoenix.policies.get(made.id)).status], [1, 'active']);
  assert.equal((await phoenix.policies.update(made.id, { name: 'promo 2' })).version, 2);
  assert.equal((await phoenix.policies.get(made.id, { version: 1 })).name, 'promo');
  const versions: number[] = [];
  for await (const version of phoenix.policies.versions(made.id, { limit: 1 })) versions.push(version.version);
  assert.deepEqual(versions, [2, 1]);
  const ids: string[] = [];
  for await (const policy of phoenix.policies.list()) ids.push(policy.id);
  assert.ok(ids.includes('pol_default') && ids.includes(made.id));

  const strict = await phoenix.policies.create({ name: 'strict', rules: [{ type: 'intent', id: 'no-cash', denied: ['cashout'] }] });
  const wallet = await phoenix.wallets.create({ external_id: 'governed', currency: 'USD' });
  await phoenix.credits.create({ wallet_id: wallet.id, amount: 1000, lot: { policy_id: strict.id } });
  const question = { wallet_id: wallet.id, amount: 100, intent: 'cashout' };
  const denied = await phoenix.policies.evaluate(strict.id, question);
  assert.deepEqual([denied.allowed, denied.code, denied.verdicts.filter((verdict) => !verdict.allowed).map((verdict) => verdict.layer)], [false, 'POLICY_VIOLATION', ['lot']]);
  await assert.rejects(phoenix.debits.create(question), (error: PhoenixError) => error.code === 'POLICY_VIOLATION');
  assert.equal((await phoenix.policies.evaluate(strict.id, { ...question, intent: 'purchase' })).allowed, true);
  await phoenix.debits.create({ ...question, intent: 'purchase' });

  assert.deepEqual((await phoenix.policies.bindWallet(wallet.id, [made.id])).policies, [made.id]);
  assert.equal((await phoenix.policies.setStatus(made.id, 'deprecate')).status, 'deprecated');
  await assert.rejects(phoenix.wallets.create({ external_id: 'late', policies: [made.id] }), (error: PhoenixError) => error.code === 'INVALID_POLICY');
});

test('an amount that is no exact number of units is not sent', async () => {
  await assert.rejects(phoenix.credits.create({ wallet_id: 'house_wallet', amount: 0.1, asset: 'USD' }), TypeError);
  await assert.rejects(phoenix.credits.create({ wallet_id: 'house_wallet', amount: 2 ** 53, asset: 'USD' }), TypeError);
});

test('a call is repeated under its own key and the next call has another', async () => {
  const { server, sdk, keys } = await stub((request, response, count) => {
    if (count === 1) request.socket.destroy();
    else if (count === 2) json(response, 503, { error: { code: 'OVERLOADED', message: 'later' } });
    else json(response, 201, { data: { id: 'wal_1' } });
  });
  assert.equal((await sdk.wallets.create({ external_id: 'w' })).id, 'wal_1');
  await sdk.wallets.create({ external_id: 'x' });
  server.close();
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys.slice(0, 3)).size, 1);
  assert.notEqual(keys[3], keys[0]);
  assert.ok(keys[0]);
});

test('what repeating does not mend is sent once, and repetition ends', async () => {
  const refusing = await stub((_, response) => json(response, 422, { error: { code: 'WALLET_CLOSED', message: 'closed' } }));
  await assert.rejects(refusing.sdk.debits.create({ wallet_id: 'w', amount: 1 }), (error: PhoenixError) => error.code === 'WALLET_CLOSED');
  assert.equal(refusing.keys.length, 1);
  refusing.server.close();
  const dead = await stub((request) => request.socket.destroy());
  await assert.rejects(dead.sdk.debits.create({ wallet_id: 'w', amount: 1 }), (error: PhoenixError) => error instanceof PhoenixConnectionError && error.idempotencyKey === dead.keys[0]);
  assert.equal(dead.keys.length, 4);
  dead.server.close();
});

test('a signal ends a call that waits', async () => {
  const { server, sdk } = await stub(() => {});
  await assert.rejects(sdk.wallets.get('w', { signal: AbortSignal.timeout(50) }), (error: Error) => error.name === 'TimeoutError');
  server.closeAllConnections();
  server.close();
});

test('events come in order, and live ones as they happen', async () => {
  const wallet = await phoenix.wallets.create({ external_id: 'watched', currency: 'USD' });
  const seen: PhoenixEvent[] = [];
  const timer = setInterval(() => void phoenix.credits.create({ wallet_id: wallet.id, amount: 1 }), 50);
  for await (const event of phoenix.events.stream({ wallet_id: wallet.id, types: ['wallet.credited'] }, { signal: AbortSignal.timeout(20_000) })) {
    seen.push(event);
    if (seen.length === 2) break;
  }
  clearInterval(timer);
  assert.ok(sequenceOf(seen[1]!) > sequenceOf(seen[0]!));
  for await (const event of phoenix.events.stream({ wallet_id: wallet.id, from_sequence: 1 }, { signal: AbortSignal.timeout(20_000) })) {
    assert.equal(event.type, 'wallet.created');
    break;
  }
});

test('a stream that breaks goes on after the last event', async () => {
  const asked: (string | undefined)[] = [];
  const { server, sdk } = await stub((request, response, count) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (count === 1) response.write('retry: 2000\nid: seq_000000000004\n\n');
    else response.write(`event: x\nid: seq_00000000000${count + 3}\ndata: {"sequence":"seq_00000000000${count + 3}"}\n\n`);
    setTimeout(() => (count === 3 ? response.write('event: heartbeat\nid: seq_000000000009\ndata: {}\n\n') : undefined), 1);
    setTimeout(() => response.destroy(), 20);
  });
  const seen: bigint[] = [];
  for await (const event of sdk.events.stream({}, { signal: AbortSignal.timeout(20_000) })) if (seen.push(sequenceOf(event)) === 3) break;
  server.closeAllConnections();
  server.close();
  assert.deepEqual(seen, [5n, 6n, 7n]);
  assert.deepEqual(asked, [undefined, 'seq_000000000004', 'seq_000000000005', 'seq_000000000009']);
});

const vector = {
  payload: '{"test": 2432232314}',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  headers: { 'Webhook-Id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' },
  now: 1614265330_000,
};

test('the vector that Standard Webhooks publishes is verified', async () => {
  assert.deepEqual(await verifyWebhook(vector), { test: 2432232314 });
  assert.deepEqual(await verifyWebhook({ ...vector, secret: ['whsec_AAAA', vector.secret], headers: { ...vector.headers, 'webhook-signature': `v1,AAAA ${vector.headers['webhook-signature']}` } }), { test: 2432232314 });
});

test('a delivery that was changed, signed by another or kept back is refused', async () => {
  for (const wrong of [
    { payload: '{"test": 2432232315}' },
    { secret: 'whsec_AAAA' },
    { now: 1614265330_000 + 301_000 },
    { now: 1614265330_000 - 301_000 },
    { headers: { ...vector.headers, 'Webhook-Id': 'msg_other' } },
    { headers: { ...vector.headers, 'webhook-signature': vector.headers['webhook-signature'].replace('v1,', 'v2,') } },
    { headers: { 'webhook-id': 'x' } },
  ]) await assert.rejects(verifyWebhook({ ...vector, ...wrong }), WebhookVerificationError);
});

test('a delivery of the real server is verified', async () => {
  let arrived: (delivery: { payload: string; headers: IncomingMessage['headers'] }) => void;
  const delivery = new Promise<{ payload: string; headers: IncomingMessage['headers'] }>((resolve) => (arrived = resolve));
  const receiver = createServer((request, response) => {
    let payload = '';
    request.setEncoding('utf8').on('data', (part: string) => (payload += part)).on('end', () => {
      response.end();
      arrived({ payload, headers: request.headers });
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const made = await phoenix.webhooks.create({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, events: ['wallet.created'] });
  await phoenix.wallets.create({ external_id: 'announced' });
  const event = await verifyWebhook({ ...(await delivery), secret: made.secret! });
  assert.equal(event.type, 'wallet.created');
  await phoenix.webhooks.delete(made.id);
  receiver.closeAllConnections();
  receiver.close();
});
