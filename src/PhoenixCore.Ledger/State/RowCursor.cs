namespace PhoenixCore.Ledger.State;

/// <summary>Looks ahead over the handles that a pool will give, without taking them. Default: before the first.</summary>
internal struct RowCursor
{
    public bool Started;
    public int Free;
    public int Bump;
}
