namespace PhoenixCore.Ledger;

public enum WalletAction : byte
{
    Freeze = 1,
    Unfreeze = 2,
    Close = 3,
}
