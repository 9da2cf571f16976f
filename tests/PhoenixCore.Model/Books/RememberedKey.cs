namespace PhoenixCore.Model.Books;

/// <summary>What an idempotency key remembers. Outcome null: a tombstone.</summary>
internal sealed record RememberedKey(ulong Fingerprint, Outcome? Outcome);
