using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>A run of an account's entries in a segment by its first and last one, as 56 bytes; rows are ordered by account, then first entry.</summary>
/// <remarks>A busy account has many rows, each over at most <see cref="IndexBuilder.RunEntriesMax"/> entries and <see cref="IndexBuilder.RunSequencesMax"/>
/// sequences: whoever looks for a place within a run walks no further than that.</remarks>
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

    public readonly int CompareTo(AccountRow other) =>
        Account != other.Account ? Account.CompareTo(other.Account) : FirstEntry.CompareTo(other.FirstEntry);

    public readonly AccountPositions ToPositions() =>
        new(FirstEntry, new Int128(FirstBalanceHigh, FirstBalanceLow), LastEntry, new Int128(LastBalanceHigh, LastBalanceLow));
}
