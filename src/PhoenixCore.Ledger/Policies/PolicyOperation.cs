namespace PhoenixCore.Ledger.Policies;

/// <summary>What a policy can be asked about. Numbers are stored in programs: added, never reused.</summary>
public enum PolicyOperation : byte
{
    None = 0,
    Credit = 1,
    Consume = 2,
    TransferOut = 3,
    TransferIn = 4,
    Reserve = 5,
    Commit = 6,
}
