namespace PhoenixCore.Ledger.Policies;

/// <summary>The lot that is asked about; default: none, as on layers 1–2.</summary>
internal unsafe struct LotSubject
{
    public ulong Number;

    /// <summary>0 = a lot that is about to be made.</summary>
    public int Handle;
    public bool FromTransfer;
    public long CreatedAt;
    public byte* Attributes;
    public Int128 Wagering;

    public readonly bool IsGiven => Number != 0;
}
