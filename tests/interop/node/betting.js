// The betting flow through @grpc/grpc-js: unary calls, then a stream of batches.
//   node betting.js <host:port> <key>     prints "betting flow ok" and exits 0, or says what differs and exits 1
'use strict';

const assert = require('node:assert');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const protos = path.join(__dirname, '..', '..', '..', 'proto');
const definition = loader.loadSync('phoenix/v1/ledger.proto', { includeDirs: [protos], keepCase: true, longs: String, enums: String, defaults: true });
const { Ledger } = grpc.loadPackageDefinition(definition).phoenix.v1;

async function main(address, key) {
  const client = new Ledger(address, grpc.credentials.createInsecure());
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${key}`);
  const call = (method, request) =>
    new Promise((resolve, reject) => client[method](request, metadata, { deadline: Date.now() + 10_000 }, (error, reply) => (error ? reject(error) : resolve(reply))));

  const run = `node-${process.pid}-${Date.now()}`;
  const balance = async (wallet) => {
    const found = (await call('GetWallet', { wallet })).balances.find((row) => row.available.asset === 'USD');
    return found ? [found.available.units, found.reserved.units, found.total.units].map(BigInt) : [0n, 0n, 0n];
  };

  const houseBefore = (await balance('house_wallet'))[0];
  const player = await call('CreateWallet', { idempotency_key: `${run}-w`, external_id: run, default_asset: 'USD' });
  await call('CreateCredit', { idempotency_key: `${run}-c`, wallet: player.id, amount: { units: 10000 } });
  assert.deepStrictEqual(await balance(player.id), [10000n, 0n, 10000n]);

  const stake = await call('CreateReservation', { idempotency_key: `${run}-r`, wallet: player.id, amount: { units: 2500 } });
  assert.deepStrictEqual(await balance(player.id), [7500n, 2500n, 10000n]);
  await call('CommitReservation', { idempotency_key: `${run}-s`, reservation_id: stake.resource_id, to_wallet: 'house_wallet' });
  assert.deepStrictEqual(await balance(player.id), [7500n, 0n, 7500n]);
  assert.strictEqual((await balance('house_wallet'))[0], houseBefore + 2500n);
  assert.strictEqual((await call('GetReservation', { reservation_id: stake.resource_id })).status, 'RESERVATION_STATUS_COMMITTED');
  const again = await call('CommitReservation', { idempotency_key: `${run}-s`, reservation_id: stake.resource_id, to_wallet: 'house_wallet' });
  assert.strictEqual(again.duplicate, true);
  await assert.rejects(call('CreateDebit', { wallet: player.id, amount: { units: 7501 } }), (error) => error.code === grpc.status.FAILED_PRECONDITION);

  const stream = client.Submit(metadata);
  const replies = stream[Symbol.asyncIterator]();
  const batch = async (operations) => {
    stream.write({ operations });
    return (await replies.next()).value.results;
  };
  const stakes = await batch([1, 2, 3].map((n) => ({ idempotency_key: Buffer.from(`${run}-b${n}`), reserve: { wallet: run, units: 100 } })));
  assert.ok(stakes.every((result) => result.code === 'RESULT_CODE_ACCEPTED' && result.id.startsWith('rsv_')));
  const settled = await batch(stakes.map((result) => ({ commit: { reservation: result.id, to_wallet: 'house_wallet' } })));
  assert.ok(settled.every((result) => result.code === 'RESULT_CODE_ACCEPTED'));
  stream.end();
  assert.strictEqual((await replies.next()).done, true);
  assert.deepStrictEqual(await balance(player.id), [7200n, 0n, 7200n]);
  assert.strictEqual((await balance('house_wallet'))[0], houseBefore + 2800n);
  client.close();
}

main(process.argv[2], process.argv[3]).then(
  () => console.log('betting flow ok'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
