using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Shard.History;

/// <summary>Under which hashes side indexes know things. They stand in files, so they never change.</summary>
public static class HistoryKeys
{
    /// <summary>Set in an account's key to name its reserved column.</summary>
    public const ulong ReservedColumn = 1UL << 63;

    /// <summary>Names every fact that made a tenant.</summary>
    public static readonly ulong TenantMade = Mix.Of(0x7465_6E61_6E74_0001);

    private const ulong EndedSalt = 0x656E_6465_6400_0001;
    private const ulong DepletedSalt = 0x6465_706C_6574_0001;
    private const ulong EventsSalt = 0x6576_656E_7473_0001;
    private const ulong AssetSalt = 0x6173_7365_7400_0001;
    private const ulong AliasSalt = 0x616C_6961_7300_0001;

    /// <summary>One column of one account, from what postings carry.</summary>
    public static ulong Column(ulong wallet, int asset, bool reserved) => (Mix.Of(wallet, (ulong)asset) & ~ReservedColumn) | (reserved ? ReservedColumn : 0);

    /// <summary>A tenant's event numbers, which only grow, as if they were a balance.</summary>
    public static ulong Events(uint tenant) => Mix.Of(Mix.Of(tenant, EventsSalt));

    /// <summary>The caller's word for an operation, where it is plain; of an enciphered one <see cref="TextCipher.HashOf"/>.</summary>
    public static ulong Reference(uint tenant, ReadOnlySpan<byte> reference) => SipHash.Hash128(tenant, reference).Lo;

    /// <summary>The fact that committed, released or expired a reservation.</summary>
    public static ulong ReservationEnded(ulong reservation) => Mix.Of(Mix.Of(reservation, EndedSalt));

    /// <summary>The fact that took the last unit out of a lot.</summary>
    public static ulong LotDepleted(ulong lot) => Mix.Of(Mix.Of(lot, DepletedSalt));

    /// <summary>Every fact that made an asset of a tenant.</summary>
    public static ulong AssetMade(uint tenant) => Mix.Of(Mix.Of(tenant, AssetSalt));

    /// <summary>The fact that made the wallet with an external id.</summary>
    public static ulong WalletMade(uint tenant, ulong aliasLo, ulong aliasHi) => Mix.Of(Mix.Of(aliasLo, aliasHi), Mix.Of(tenant, AliasSalt));
}
