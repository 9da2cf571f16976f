import { at, type CallOptions, type Transport } from './transport.js';
import type * as t from './types.js';

export class Wallets {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.WalletArgs, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('POST', '/wallets', args, options);
  }
  /** By id or external id, as everywhere. */
  get(wallet: string, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.get(at`/wallets/${wallet}`, {}, options);
  }
  list(params: t.PageParams & { status?: t.Wallet['status']; holder_id?: string; external_id?: string; include_system?: boolean } = {}, options?: CallOptions): AsyncIterable<t.Wallet> {
    return this.#http.list('/wallets', params, options);
  }
  /** Changes what is given; metadata are merged, a null member is taken away, policies are replaced. */
  update(wallet: string, args: t.WalletChange, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('PATCH', at`/wallets/${wallet}`, args, options);
  }
  /** As update, but metadata that are given replace all that there were. */
  replace(wallet: string, args: t.WalletChange, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('PUT', at`/wallets/${wallet}`, args, options);
  }
  async balances(wallet: string, params: { asset?: string; at?: t.Time; sequence?: number } = {}, options?: CallOptions): Promise<t.Balance[]> {
    return (await this.#http.get<{ balances: t.Balance[] }>(at`/wallets/${wallet}/balances`, params, options)).balances;
  }
  balance(wallet: string, asset: string, params: { at?: t.Time; sequence?: number } = {}, options?: CallOptions): Promise<t.Balance> {
    return this.#http.get(at`/wallets/${wallet}/balances/${asset}`, params, options);
  }
  transactions(wallet: string, params: t.HistoryParams = {}, options?: CallOptions): AsyncIterable<t.Transaction> {
    return this.#http.list(at`/wallets/${wallet}/transactions`, params, options);
  }
  /** From now on nothing leaves the wallet. */
  freeze(wallet: string, reason?: string, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('POST', at`/wallets/${wallet}/freeze`, { reason }, options);
  }
  unfreeze(wallet: string, reason?: string, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('POST', at`/wallets/${wallet}/unfreeze`, { reason }, options);
  }
  /** For ever, and only when it holds nothing. */
  close(wallet: string, reason?: string, options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('POST', at`/wallets/${wallet}/close`, { reason }, options);
  }
  setBounds(wallet: string, asset: string, bounds: { floor?: t.AmountInput; ceiling?: t.AmountInput }, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#http.write('PUT', at`/wallets/${wallet}/bounds/${asset}`, bounds, options);
  }
}

export class Credits {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.CreditArgs, options?: CallOptions): Promise<t.Credit> {
    return this.#http.write('POST', '/credits', args, options);
  }
  get(id: string, options?: CallOptions): Promise<t.Credit> {
    return this.#http.get(at`/credits/${id}`, {}, options);
  }
  list(params: t.HistoryParams = {}, options?: CallOptions): AsyncIterable<t.Credit> {
    return this.#http.list('/credits', params, options);
  }
  reverse(id: string, args: t.ReverseArgs = {}, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#http.write('POST', at`/credits/${id}/reverse`, args, options);
  }
}

export class Transfers {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.TransferArgs, options?: CallOptions): Promise<t.Transfer> {
    return this.#http.write('POST', '/transfers', args, options);
  }
  /** Up to 100 legs, all or none. */
  createLegs(args: { legs: t.TransferLeg[] } & t.Words, options?: CallOptions): Promise<t.LegsTransfer> {
    return this.#http.write('POST', '/transfers', args, options);
  }
  /** Commits a reservation to another wallet. */
  fromReservation(args: t.FromReservationArgs, options?: CallOptions): Promise<t.Transfer> {
    return this.#http.write('POST', '/transfers', args, options);
  }
  get(id: string, options?: CallOptions): Promise<t.Transfer | t.LegsTransfer> {
    return this.#http.get(at`/transfers/${id}`, {}, options);
  }
  list(params: t.HistoryParams = {}, options?: CallOptions): AsyncIterable<t.Transfer> {
    return this.#http.list('/transfers', params, options);
  }
  reverse(id: string, args: t.ReverseArgs = {}, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#http.write('POST', at`/transfers/${id}/reverse`, args, options);
  }
}

export class Reservations {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.ReservationArgs, options?: CallOptions): Promise<t.Reservation> {
    return this.#http.write('POST', '/reservations', args, options);
  }
  get(id: string, options?: CallOptions): Promise<t.Reservation> {
    return this.#http.get(at`/reservations/${id}`, {}, options);
  }
  list(params: t.PageParams & { wallet_id?: string; status?: t.Reservation['status']; asset?: string; reference?: string } = {}, options?: CallOptions): AsyncIterable<t.Reservation> {
    return this.#http.list('/reservations', params, options);
  }
  /** Spends what is held; without to_wallet_id it leaves the ledger. */
  commit(id: string, args: t.CommitArgs = {}, options?: CallOptions): Promise<t.Reservation> {
    return this.#http.write('POST', at`/reservations/${id}/commit`, args, options);
  }
  release(id: string, args: t.ReleaseArgs = {}, options?: CallOptions): Promise<t.Reservation> {
    return this.#http.write('POST', at`/reservations/${id}/release`, args, options);
  }
  increment(id: string, args: { amount: t.AmountInput; lot_selection?: t.LotSelection } & t.Words, options?: CallOptions): Promise<t.Reservation> {
    return this.#http.write('POST', at`/reservations/${id}/increment`, args, options);
  }
  extend(id: string, args: { expires_at?: t.Time; expires_in?: number; reason?: string }, options?: CallOptions): Promise<t.Reservation> {
    return this.#http.write('POST', at`/reservations/${id}/extend`, args, options);
  }
}

export class Debits {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.DebitArgs, options?: CallOptions): Promise<t.Debit> {
    return this.#http.write('POST', '/debits', args, options);
  }
  get(id: string, options?: CallOptions): Promise<t.Debit> {
    return this.#http.get(at`/debits/${id}`, {}, options);
  }
  list(params: t.HistoryParams = {}, options?: CallOptions): AsyncIterable<t.Debit> {
    return this.#http.list('/debits', params, options);
  }
}

export class Lots {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  get(id: string, options?: CallOptions): Promise<t.Lot> {
    return this.#http.get(at`/lots/${id}`, {}, options);
  }
  /** Lots that hold something, oldest first; with status depleted or expired those that ended, newest first. Attributes are key:value, and all of them count. */
  list(wallet: string, params: t.PageParams & { asset?: string; status?: t.Lot['status']; has_balance?: boolean; expiring_before?: t.Time; attribute?: string[] } = {}, options?: CallOptions): AsyncIterable<t.Lot> {
    return this.#http.list(at`/wallets/${wallet}/lots`, params, options);
  }
  update(id: string, args: { expires_at?: t.Time; expires_in?: number; attributes?: t.Metadata; reason?: string }, options?: CallOptions): Promise<t.Lot> {
    return this.#http.write('PATCH', at`/lots/${id}`, args, options);
  }
  expire(id: string, reason?: string, options?: CallOptions): Promise<t.Lot> {
    return this.#http.write('POST', at`/lots/${id}/expire`, { reason }, options);
  }
}

export class Assets {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.AssetArgs, options?: CallOptions): Promise<t.Asset> {
    return this.#http.write('POST', '/assets', args, options);
  }
  get(code: string, options?: CallOptions): Promise<t.Asset> {
    return this.#http.get(at`/assets/${code}`, {}, options);
  }
  list(params: t.PageParams = {}, options?: CallOptions): AsyncIterable<t.Asset> {
    return this.#http.list('/assets', params, options);
  }
  /** The scale can change until something is counted in it. */
  update(code: string, args: { name?: string | null; metadata?: t.Metadata; scale?: number; reason?: string }, options?: CallOptions): Promise<t.Asset> {
    return this.#http.write('PATCH', at`/assets/${code}`, args, options);
  }
  activate(code: string, options?: CallOptions): Promise<t.Asset> {
    return this.#http.write('POST', at`/assets/${code}/activate`, undefined, options);
  }
  deactivate(code: string, options?: CallOptions): Promise<t.Asset> {
    return this.#http.write('POST', at`/assets/${code}/deactivate`, undefined, options);
  }
}

export class Policies {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  create(args: t.PolicyArgs, options?: CallOptions): Promise<t.Policy> {
    return this.#http.write('POST', '/policies', args, options);
  }
  get(id: string, params: { version?: number } = {}, options?: CallOptions): Promise<t.Policy> {
    return this.#http.get(at`/policies/${id}`, params, options);
  }
  list(params: t.PageParams = {}, options?: CallOptions): AsyncIterable<t.Policy> {
    return this.#http.list('/policies', params, options);
  }
  /** Makes a new version of the whole policy. */
  update(id: string, args: t.PolicyArgs, options?: CallOptions): Promise<t.Policy> {
    return this.#http.write('PUT', at`/policies/${id}`, args, options);
  }
  setStatus(id: string, verb: 'activate' | 'deactivate' | 'deprecate', options?: CallOptions): Promise<t.Policy> {
    return this.#http.write('POST', at`/policies/${id}/${verb}`, undefined, options);
  }
  /** Newest first. */
  versions(id: string, params: t.PageParams = {}, options?: CallOptions): AsyncIterable<t.Policy> {
    return this.#http.list(at`/policies/${id}/versions`, params, options);
  }
  /** Replaces the asset's policies, at most 8. */
  bindAsset(code: string, policies: string[], options?: CallOptions): Promise<t.Asset> {
    return this.#http.write('PUT', at`/assets/${code}/policies`, { policies }, options);
  }
  /** Replaces the wallet's policies, at most 8. */
  bindWallet(wallet: string, policies: string[], options?: CallOptions): Promise<t.Wallet> {
    return this.#http.write('PATCH', at`/wallets/${wallet}`, { policies }, options);
  }
  /** What an operation would meet, without doing it. All policies of the wallet are asked; the one named has only to exist. */
  evaluate(id: string, args: t.EvaluationArgs, options?: CallOptions): Promise<t.Evaluation> {
    return this.#http.write('POST', at`/policies/${id}/evaluate`, args, options);
  }
}

export class Webhooks {
  readonly #http: Transport;
  constructor(http: Transport) {
    this.#http = http;
  }

  /** The secret is in this answer only. */
  create(args: t.WebhookArgs, options?: CallOptions): Promise<t.Webhook> {
    return this.#http.write('POST', '/webhooks', args, options);
  }
  get(id: string, options?: CallOptions): Promise<t.Webhook> {
    return this.#http.get(at`/webhooks/${id}`, {}, options);
  }
  list(params: t.PageParams = {}, options?: CallOptions): AsyncIterable<t.Webhook> {
    return this.#http.list('/webhooks', params, options);
  }
  update(id: string, args: Partial<Omit<t.WebhookArgs, 'secret'>> & { status?: t.Webhook['status'] }, options?: CallOptions): Promise<t.Webhook> {
    return this.#http.write('PATCH', at`/webhooks/${id}`, args, options);
  }
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.#http.write('DELETE', at`/webhooks/${id}`, undefined, options);
  }
  test(id: string, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#http.write('POST', at`/webhooks/${id}/test`, undefined, options);
  }
  rotateSecret(id: string, options?: CallOptions): Promise<t.Webhook> {
    return this.#http.write('POST', at`/webhooks/${id}/rotate-secret`, undefined, options);
  }
  replay(id: string, args: { from_sequence: string; to_sequence: string } | { failed: true }, options?: CallOptions): Promise<{ queued: number }> {
    return this.#http.write('POST', at`/webhooks/${id}/replay`, args, options);
  }
  deliveries(id: string, params: t.PageParams & { status?: 'pending' | 'failed' } = {}, options?: CallOptions): AsyncIterable<Record<string, unknown>> {
    return this.#http.list(at`/webhooks/${id}/deliveries`, params, options);
  }
  retry(id: string, delivery: string, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#http.write('POST', at`/webhooks/${id}/deliveries/${delivery}/retry`, undefined, options);
  }
}
