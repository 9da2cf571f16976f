namespace PhoenixCore.Ledger.State;

/// <summary>Proves that the row behind a handle has the wanted key.</summary>
internal interface IRowMatch
{
    bool Matches(int handle);
}
