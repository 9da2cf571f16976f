namespace PhoenixCore.Faults.Driver;

/// <summary>What the load asks the ledger for.</summary>
public enum OperationKind
{
    Credit,
    Transfer,
    Reserve,
    Commit,
    Release,
}
