namespace PhoenixCore.Ledger.Keys;

/// <summary>One remembered key: 32 bytes.</summary>
internal struct KeyEntry
{
    public ulong KeyLo;
    public ulong KeyHi;
    public ulong Fingerprint;
    public ulong SequenceAndClosed;

    public readonly ulong Sequence => SequenceAndClosed >> 1;

    /// <summary>A tombstone: set by a question, not by a command.</summary>
    public readonly bool Closed => (SequenceAndClosed & 1) != 0;
}
