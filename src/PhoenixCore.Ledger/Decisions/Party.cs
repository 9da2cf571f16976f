using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

/// <summary>One side of a command, found: the wallet's number and, when it exists, its account in the command's asset.</summary>
internal struct Party
{
    public ulong Number;
    public int Account;

    /// <summary>Handle of the wallet's row; 0 when the account answered everything.</summary>
    public int Wallet;
    public AccountFlags Flags;

    public readonly bool Is(AccountFlags flag) => (Flags & flag) != 0;
}
