namespace PhoenixCore.Ledger;

public enum WalletStatus : byte
{
    Active = 0,
    Frozen = 1,
    Closed = 2,
}
