using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>An account's first and last entry in a segment, as 56 bytes; rows are ordered by account.</summary>
[StructLayout(LayoutKind.Sequential, Size = 56)]
internal struct AccountRow : IComparable<AccountRow>
{
    public ulong Account;
    public ulong FirstEntry;
    public ulong FirstBalanceLow;
    public ulong FirstBalanceHigh;
    public ulong LastEntry;
    public ulong LastBalanceLow;
    public ulong LastBalanceHigh;

    public readonly int CompareTo(AccountRow other) => Account.CompareTo(other.Account);

    public readonly AccountPositions ToPositions() =>
        new(FirstEntry, new Int128(FirstBalanceHigh, FirstBalanceLow), LastEntry, new Int128(LastBalanceHigh, LastBalanceLow));
}
