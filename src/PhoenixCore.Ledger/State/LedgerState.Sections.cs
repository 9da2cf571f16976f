namespace PhoenixCore.Ledger.State;

internal sealed unsafe partial class LedgerState
{
    /// <summary>Scalars and finished reservations, which are no pools.</summary>
    private const int UnregisteredTables = 2;

    /// <summary>Every table as it is now, in the order of a snapshot's file. Whoever adds a table adds it here and in <see cref="Place"/>: the constructor counts.</summary>
    public StateSection[] Sections()
    {
        var list = new List<StateSection>(48)
        {
            new(StateTable.Scalars, sizeof(ScalarsRow), (nint)_scalars.Base, sizeof(ScalarsRow)),
            new(StateTable.Finished, sizeof(FinishedRow), (nint)_finished.Base, (long)Math.Min(Scalars->FinishedCount, FinishedMax) * sizeof(FinishedRow)),
            Tenants.Section(StateTable.Tenants),
            Assets.Section(StateTable.Assets),
            Wallets.Section(StateTable.Wallets),
            Accounts.Section(StateTable.Accounts),
            Lots.Pooled.Section(StateTable.Lots),
            Bounds.Section(StateTable.Bounds),
            Terms.Section(StateTable.Terms),
            Reservations.Section(StateTable.Reservations),
            Slices.Section(StateTable.Slices),
            Totals.Section(StateTable.Totals),
            Memos.Section(StateTable.Memos),
            Policies.Section(StateTable.Policies),
            PolicyVersions.Section(StateTable.PolicyVersions),
            Bindings.Section(StateTable.Bindings),
            Counters.Section(StateTable.Counters),
            Keys.Section(StateTable.Keys),
        };
        for (var size = 0; size < BlobPool.Classes; size++) list.Add(Blobs.Section(size));
        list.Add(Timers.Nodes.Section(StateTable.TimerNodes));
        list.Add(Timers.Section(StateTable.TimerBuckets));
        list.Add(AccountIndex.Section(StateTable.AccountIndex));
        list.Add(WalletIndex.Section(StateTable.WalletIndex));
        list.Add(AliasIndex.Section(StateTable.AliasIndex));
        list.Add(ReservationIndex.Section(StateTable.ReservationIndex));
        list.Add(TermsIndex.Section(StateTable.TermsIndex));
        list.Add(AssetIndex.Section(StateTable.AssetIndex));
        list.Add(MemoIndex.Section(StateTable.MemoIndex));
        list.Add(PolicyIndex.Section(StateTable.PolicyIndex));
        list.Add(CounterIndex.Section(StateTable.CounterIndex));
        return [.. list];
    }

    /// <summary>Where a table of a snapshot goes. Only in a state that no fact has been applied to.</summary>
    /// <returns>Null when the table is unknown or was laid out otherwise.</returns>
    public byte* Place(in StateSection stored) => stored.Table switch
    {
        StateTable.Scalars => stored.Bytes == sizeof(ScalarsRow) ? _scalars.Base : null,
        StateTable.Finished => stored.RowBytes == sizeof(FinishedRow) && stored.Bytes <= (long)FinishedMax * sizeof(FinishedRow) ? _finished.Base : null,
        StateTable.Tenants => Tenants.Place(stored),
        StateTable.Assets => Assets.Place(stored),
        StateTable.Wallets => Wallets.Place(stored),
        StateTable.Accounts => Accounts.Place(stored),
        StateTable.Lots => Lots.Pooled.Place(stored),
        StateTable.Bounds => Bounds.Place(stored),
        StateTable.Terms => Terms.Place(stored),
        StateTable.Reservations => Reservations.Place(stored),
        StateTable.Slices => Slices.Place(stored),
        StateTable.Totals => Totals.Place(stored),
        StateTable.Memos => Memos.Place(stored),
        StateTable.Policies => Policies.Place(stored),
        StateTable.PolicyVersions => PolicyVersions.Place(stored),
        StateTable.Bindings => Bindings.Place(stored),
        StateTable.Counters => Counters.Place(stored),
        StateTable.Keys => Keys.Place(stored),
        >= StateTable.Blobs and < StateTable.Blobs + BlobPool.Classes => Blobs.Place(stored.Table - StateTable.Blobs, stored),
        StateTable.TimerNodes => Timers.Nodes.Place(stored),
        StateTable.TimerBuckets => Timers.Place(stored),
        StateTable.AccountIndex => AccountIndex.Place(stored),
        StateTable.WalletIndex => WalletIndex.Place(stored),
        StateTable.AliasIndex => AliasIndex.Place(stored),
        StateTable.ReservationIndex => ReservationIndex.Place(stored),
        StateTable.TermsIndex => TermsIndex.Place(stored),
        StateTable.AssetIndex => AssetIndex.Place(stored),
        StateTable.MemoIndex => MemoIndex.Place(stored),
        StateTable.PolicyIndex => PolicyIndex.Place(stored),
        StateTable.CounterIndex => CounterIndex.Place(stored),
        _ => null,
    };
}
