using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge;

/// <summary>One operation on value as its bytes came: what <see cref="OperationRequest"/> is to a parsed request, without an object. Texts are UTF-8; empty = not given.</summary>
/// <remarks>Only what the hot calls have: no lots, legs, metadata or terms beyond the expiry. Equal requests get equal fingerprints in both forms.</remarks>
internal ref struct RawOperation
{
    public CommandKind Kind;
    public SelectionStrategy Strategy;
    public bool HasAmount;
    public Int128 Amount;

    /// <summary>Unix nanoseconds; 0 = not given.</summary>
    public long ExpiresAt;
    public ReadOnlySpan<byte> Key;
    public ReadOnlySpan<byte> Wallet;
    public ReadOnlySpan<byte> Destination;
    public ReadOnlySpan<byte> Reservation;
    public ReadOnlySpan<byte> Asset;
    public ReadOnlySpan<byte> Reference;

    /// <summary>Operations of an atomic batch; their fingerprints are added behind.</summary>
    public int Parts;
}
