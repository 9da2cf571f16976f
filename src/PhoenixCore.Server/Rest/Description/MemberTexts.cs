using System.Collections.Frozen;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>What members and parameters mean, where their name does not say it. The same name means the same everywhere.</summary>
internal static class MemberTexts
{
    private static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>
    {
        ["account"] = "column of the wallet's account: available or reserved",
        ["amount"] = "in answers smallest units of the asset; in requests an integer or digits alone are smallest units, a string with a point is whole units",
        ["api_key"] = "the key itself; shown in the answer that made it and never again",
        ["asset_code"] = "1 to 16 of A-Z a-z 0-9 . _ -, case-sensitive; in requests the wallet's default asset when it is left out",
        ["at"] = "balances as of this time, included",
        ["as_of"] = "the last transaction that counts",
        ["attribute"] = "key:value, split at the first colon, values compared as text; given several times, all of them",
        ["attributes"] = "kept with the lot; at most 4 KiB",
        ["balance_after"] = "of that column, after this entry",
        ["ceiling"] = "most that the total may become; null = none",
        ["close"] = "when nothing is known under the key, nothing ever will be",
        ["complete"] = "all that was durable when it was asked counts; otherwise ask again",
        ["currency"] = "default asset of the wallet; an ISO 4217 code is made when it is missing",
        ["cursor"] = "next_cursor of the page before, with the same filters",
        ["details"] = "fields that are wrong",
        ["events"] = "types of events, or [\"*\"]",
        ["expires_at"] = "ISO 8601 with an offset",
        ["expires_in"] = "seconds from now, instead of expires_at",
        ["expiring_before"] = "ISO time, excluded; lots that never expire are left out",
        ["external_id"] = "the caller's own name for the wallet, unique in the tenant for ever",
        ["floor"] = "least that available may become; below zero only on pooled wallets",
        ["from"] = "ISO time, included",
        ["from_sequence"] = "first event wanted, included: seq_ and digits, or digits",
        ["has_more"] = "another page follows",
        ["held_lots"] = "parts of lots that are held, in the order they were taken",
        ["holder_id"] = "whom the wallet belongs to; not unique",
        ["idempotency_key"] = "1 to 255 characters",
        ["include_system"] = "the ledger's own wallets too",
        ["limit"] = "rows, 1 to 100; default 20, more counts as 100",
        ["metadata"] = "the caller's own members; at most 4 KiB and 50 keys",
        ["next_cursor"] = "null after the last page",
        ["operation_id"] = "what it made, changed or ended: a credit, transfer, debit, reservation, lot or wallet",
        ["operation_ids"] = "of a batch or a transfer of legs, in their order; null for what has no id",
        ["ordering"] = "wallet: one wallet's events come one after the other",
        ["overlap_seconds"] = "how long the old key goes on; default a day",
        ["pooled"] = "one lot per asset, without terms: for houses and merchants",
        ["reason"] = "kept in the journal",
        ["reference"] = "the caller's own word for it; not unique",
        ["restrictions"] = "kept with the lot",
        ["reverses"] = "the credit or transfer that it undoes, wholly or in part",
        ["scale"] = "decimals of the asset, 0 to 18: at scale 2, 1050 units are 10.50",
        ["secret"] = "of a webhook: shown when it is made and never again",
        ["sequence"] = "the tenant's own number of an event; in transactions of their first one",
        ["standard_secret"] = "the secret in the form that libraries for Standard Webhooks take",
        ["tenant_id"] = "always the credential's own tenant",
        ["to"] = "ISO time, included",
        ["to_wallet_id"] = "id or external id; of a commit: left out, the value is consumed",
        ["total"] = "available and reserved together",
        ["types"] = "types of events with commas; default all",
        ["wallet_id"] = "in requests id or external id",
    }.ToFrozenDictionary();

    public static string? Find(string name) => ByName.GetValueOrDefault(name);
}
