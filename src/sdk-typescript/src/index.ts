import { Events } from './events.js';
import { Assets, Credits, Debits, Lots, Policies, Reservations, Transfers, Wallets, Webhooks } from './resources.js';
import { Transport, type PhoenixOptions } from './transport.js';

/** A ledger behind its REST address. Make one and share it. */
export class Phoenix {
  readonly wallets: Wallets;
  readonly credits: Credits;
  readonly transfers: Transfers;
  readonly reservations: Reservations;
  readonly debits: Debits;
  readonly lots: Lots;
  readonly assets: Assets;
  readonly policies: Policies;
  readonly webhooks: Webhooks;
  readonly events: Events;

  constructor(options: PhoenixOptions) {
    const http = new Transport(options);
    this.wallets = new Wallets(http);
    this.credits = new Credits(http);
    this.transfers = new Transfers(http);
    this.reservations = new Reservations(http);
    this.debits = new Debits(http);
    this.lots = new Lots(http);
    this.assets = new Assets(http);
    this.policies = new Policies(http);
    this.webhooks = new Webhooks(http);
    this.events = new Events(http);
  }
}

export { PhoenixConnectionError, PhoenixError, type ErrorDetail } from './errors.js';
export { sequenceOf } from './events.js';
export { verifyWebhook, WebhookVerificationError, type WebhookDelivery } from './webhook.js';
export type { CallOptions, PhoenixOptions } from './transport.js';
export type * from './types.js';
