using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Events;

/// <summary>Which events a consumer wants.</summary>
/// <param name="Kinds">Null = all.</param>
/// <param name="Wallet">Number of the wallet they are about; 0 = any.</param>
public sealed record EventFilter(IReadOnlySet<EventKind>? Kinds, ulong Wallet)
{
    public static readonly EventFilter Everything = new(null, 0);

    public bool Takes(in LedgerEvent found) => (Kinds is null || Kinds.Contains(found.Kind)) && (Wallet == 0 || found.Wallet == Wallet || found.OtherWallet == Wallet);

    /// <param name="names">Types; <c>*</c> or none = all.</param>
    /// <returns>Null when a name is none; it stands in <paramref name="unknown"/>.</returns>
    public static EventFilter? Parse(IEnumerable<string> names, ulong wallet, out string? unknown)
    {
        var kinds = new HashSet<EventKind>();
        unknown = null;
        foreach (var name in names)
        {
            if (name == EventNames.All) return new EventFilter(null, wallet);
            if (EventNames.Find(name) is not { } kind)
            {
                unknown = name;
                return null;
            }

            kinds.Add(kind);
        }

        return new EventFilter(kinds.Count == 0 ? null : kinds, wallet);
    }
}
