namespace PhoenixCore.Ledger.Lots;

/// <summary>So much out of one lot.</summary>
internal struct LotSlice
{
    public Int128 Amount;
    public int Lot;
}
