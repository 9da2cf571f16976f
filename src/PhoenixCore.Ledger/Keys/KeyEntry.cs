namespace PhoenixCore.Ledger.Keys;

/// <summary>One remembered key: 32 bytes.</summary>
internal struct KeyEntry
{
    public ulong KeyLo;
    public ulong KeyHi;
    public ulong Fingerprint;

    /// <summary>52 bits of sequence, 11 of the original's result, 1 for "closed".</summary>
    public ulong SequenceAndResult;

    public readonly ulong Sequence => SequenceAndResult >> 12;

    public readonly LedgerResult Result => (LedgerResult)((SequenceAndResult >> 1) & 0x7FF);

    /// <summary>A tombstone: set by a question, not by a command.</summary>
    public readonly bool Closed => (SequenceAndResult & 1) != 0;

    public static ulong Pack(ulong sequence, LedgerResult result, bool closed) => unchecked((sequence << 12) | ((ulong)result << 1) | (closed ? 1UL : 0UL));
}
