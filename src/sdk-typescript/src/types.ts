/** Smallest units as a safe integer (2500 at scale 2 is 25.00), or whole units as a decimal string ("25.00"). */
export type AmountInput = number | string;

/** An ISO 8601 time with an offset. */
export type Time = string;

export type Metadata = Record<string, unknown>;

export interface Page<T> {
  data: T[];
  pagination: { has_more: boolean; next_cursor: string | null };
}

export interface PageParams {
  /** Rows of one page, 1 to 100; the iterator goes on over all pages. */
  limit?: number;
}

export interface Sum {
  /** Decimal string. */
  amount: string;
  /** Integer of smallest units. */
  amount_minor: string;
  scale: number;
  asset: string;
}

export interface Wallet {
  id: string;
  tenant_id: string;
  external_id: string;
  name: string | null;
  holder_id: string | null;
  currency: string | null;
  status: 'active' | 'frozen' | 'closed';
  pooled: boolean;
  policies: string[];
  metadata: Metadata;
  created_at: Time;
  updated_at: Time;
}

export interface WalletArgs {
  external_id?: string;
  holder_id?: string;
  currency?: string;
  name?: string;
  pooled?: boolean;
  policies?: string[];
  metadata?: Metadata;
}

export interface WalletChange {
  name?: string | null;
  metadata?: Metadata;
  policies?: string[];
  reason?: string;
}

export interface Balance {
  asset: string;
  available: string;
  available_minor: string;
  reserved: string;
  reserved_minor: string;
  total: string;
  total_minor: string;
  scale: number;
  [more: string]: unknown;
}

export interface LotSelection {
  strategy: 'fifo' | 'lifo' | 'expiring_first' | 'specific';
  lot_ids?: string[];
}

export interface LotTerms {
  lot_id?: string;
  policy_id?: string;
  expires_at?: Time;
  expires_in?: number;
  attributes?: Metadata;
  restrictions?: unknown[];
  [more: string]: unknown;
}

export interface Words {
  reference?: string;
  metadata?: Metadata;
  intent?: string;
  /** What policies may look at, before the metadata. */
  context?: Metadata;
  [more: string]: unknown;
}

export interface CreditArgs extends Words {
  wallet_id: string;
  amount: AmountInput;
  asset?: string;
  lot?: LotTerms;
}

export interface Credit extends Sum {
  id: string;
  wallet_id: string;
  reference: string | null;
  status: string;
  lot: Sum & { id: string; expires_at: Time | null; [more: string]: unknown };
  metadata: Metadata;
  transaction_id: string;
  created_at: Time;
}

export interface ReservationArgs extends Words {
  wallet_id: string;
  amount: AmountInput;
  asset?: string;
  expires_at?: Time;
  expires_in?: number;
  lot_selection?: LotSelection;
}

export interface Reservation extends Sum {
  id: string;
  wallet_id: string;
  status: 'active' | 'committed' | 'released' | 'expired';
  expires_at: Time;
  reference: string | null;
  metadata: Metadata;
  created_at: Time;
  updated_at: Time;
  [more: string]: unknown;
}

export interface CommitArgs extends Words {
  amount?: AmountInput;
  to_wallet_id?: string;
  final?: boolean;
}

export interface ReleaseArgs extends Words {
  amount?: AmountInput;
  reason?: string;
}

export interface TransferArgs extends Words {
  from_wallet_id: string;
  to_wallet_id: string;
  amount: AmountInput;
  asset?: string;
  lot_selection?: LotSelection;
}

export interface TransferLeg {
  from_wallet_id: string;
  to_wallet_id: string;
  amount: AmountInput;
  asset?: string;
  lot_selection?: LotSelection;
}

export interface FromReservationArgs extends Words {
  reservation_id: string;
  to_wallet_id: string;
  amount?: AmountInput;
}

export interface Transfer extends Sum {
  id: string;
  from_wallet_id: string;
  to_wallet_id: string;
  reference: string | null;
  status: string;
  reservation_id?: string;
  metadata: Metadata;
  transaction_id: string;
  created_at: Time;
}

export interface LegsTransfer {
  id: string;
  reference: string | null;
  status: string;
  legs: (Sum & { from_wallet_id: string; to_wallet_id: string })[];
  metadata: Metadata;
  transaction_id: string;
  created_at: Time;
}

export interface ReverseArgs extends Words {
  amount?: AmountInput;
  reason?: string;
}

export interface DebitArgs extends Words {
  wallet_id: string;
  amount: AmountInput;
  asset?: string;
  lot_selection?: LotSelection;
}

export interface Debit extends Sum {
  id: string;
  wallet_id: string;
  reference: string | null;
  status: string;
  metadata: Metadata;
  transaction_id: string;
  created_at: Time;
}

export interface Lot {
  id: string;
  wallet_id: string;
  asset: string;
  initial_amount: string;
  current_amount: string;
  available_amount: string;
  reserved_amount: string;
  scale: number;
  status: 'active' | 'depleted' | 'expired';
  expires_at: Time | null;
  attributes: Metadata;
  restrictions: unknown[];
  created_at: Time;
  [more: string]: unknown;
}

export interface Asset {
  code: string;
  tenant_id: string;
  name: string;
  scale: number;
  status: 'active' | 'inactive';
  metadata: Metadata;
  created_at: Time;
}

export interface AssetArgs {
  code: string;
  scale: number;
  name?: string;
  metadata?: Metadata;
}

export interface Transaction {
  id: string;
  tenant_id: string;
  sequence: number;
  type: string;
  reference: string | null;
  metadata: Metadata;
  created_at: Time;
  entries: (Sum & { id: string; wallet_id: string; lot_id: string; direction: 'DEBIT' | 'CREDIT'; account: 'available' | 'reserved'; balance_after: string })[];
  [more: string]: unknown;
}

export interface HistoryParams extends PageParams {
  wallet_id?: string;
  asset?: string;
  from?: Time;
  to?: Time;
  reference?: string;
  type?: string;
}

export interface PhoenixEvent {
  id: string;
  type: string;
  /** seq_ and digits: compare as numbers, with sequenceOf, never as text. */
  sequence: string;
  tenant_id: string;
  wallet_id: string | null;
  transaction_id: string;
  created_at: Time;
  data: Record<string, unknown>;
}

export interface EventParams {
  /** First event wanted, included; without it what happens from now on. */
  from_sequence?: string | number;
  types?: string[];
  wallet_id?: string;
}

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  wallet_id: string | null;
  ordering: 'none' | 'wallet';
  status: 'active' | 'disabled';
  /** Only in the answer that made it. */
  secret?: string;
  standard_secret?: string;
  metadata: Metadata;
  [more: string]: unknown;
}

export interface WebhookArgs {
  url: string;
  events: string[];
  secret?: string;
  wallet_id?: string;
  ordering?: 'none' | 'wallet';
  metadata?: Metadata;
}

/** A policy as its rules say; see the server's page on policies. */
export interface PolicyArgs {
  name: string;
  operations?: string[];
  intents?: string[];
  rules?: Record<string, unknown>[];
  consumption?: { strategy?: 'fifo' | 'lifo' | 'expiring_first'; priority?: number };
  expiry?: { ttl?: string; at?: Time; max_ttl?: string };
  /** How far a capture may lie above what is held. */
  overcapture?: { percent?: number | string; amount?: AmountInput };
  metadata?: Metadata;
}

export interface Policy extends Omit<PolicyArgs, 'name'> {
  id: string;
  name: string | null;
  version: number;
  latest_version?: number;
  status?: 'active' | 'deprecated' | 'inactive';
  updated_at: Time;
  [more: string]: unknown;
}

export interface EvaluationArgs extends Words {
  operation?: 'credit' | 'consume' | 'transfer_out' | 'transfer_in' | 'reserve' | 'commit';
  wallet_id: string;
  /** The other wallet. */
  to_wallet_id?: string;
  amount: AmountInput;
  asset?: string;
  context?: Metadata;
  lot_selection?: LotSelection;
}

export interface Evaluation {
  allowed: boolean;
  /** Of the refusal. */
  code?: string | null;
  /** Of each layer, then of each lot in order of consumption. */
  verdicts: { layer: 'asset' | 'wallet' | 'lot' | 'restrictions'; allowed: boolean; [more: string]: unknown }[];
  [more: string]: unknown;
}
