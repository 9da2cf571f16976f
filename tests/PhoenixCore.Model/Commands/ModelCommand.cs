namespace PhoenixCore.Model;

/// <summary>One request to the model, already parsed.</summary>
/// <remarks>
/// Wallets are named by external id, assets by code, reservations and lots by the model's ordinals (see <see cref="ModelLedger"/>).
/// Compare commands by <see cref="Describe"/> or <see cref="Fingerprint"/>: record equality does not look into lists.
/// </remarks>
public abstract record ModelCommand
{
    /// <summary>Idempotency key; null: none. Ignored on an operation inside a batch.</summary>
    public string? Key { get; init; }

    /// <summary>Unix nanoseconds; refused when this is at or before the stamp. Ignored on an operation inside a batch.</summary>
    public long? Deadline { get; init; }

    /// <summary>FNV-1a (64 bits) of <see cref="Describe"/>: the same on every machine and in every run.</summary>
    public ulong Fingerprint
    {
        get
        {
            var hash = 14695981039346656037UL;
            foreach (var character in Describe())
            {
                hash = (hash ^ character) * 1099511628211UL;
            }

            return hash;
        }
    }

    /// <summary>The command's own fields as text, without key and deadline.</summary>
    public abstract string Describe();

    /// <summary><see cref="Describe"/>, then key and deadline where there are any.</summary>
    public sealed override string ToString() =>
        Describe() + (Key is null ? "" : $" key={Key}") + (Deadline is null ? "" : $" deadline={Deadline}");
}
