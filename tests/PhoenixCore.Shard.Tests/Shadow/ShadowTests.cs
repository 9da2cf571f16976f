using System.Diagnostics;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.State;
using PhoenixCore.Shard.Shadow;

namespace PhoenixCore.Shard.Tests.Shadow;

/// <summary>A bit of the live books flips: the shadow says where, freezes the wallet, and hands over the postings that show it.</summary>
public sealed unsafe class ShadowTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<ShadowMismatch> _found = [];
    private readonly ShardRig _rig;
    private readonly ulong _alice;
    private readonly ulong _bob;

    public ShadowTests()
    {
        _rig = new ShardRig(shadowEvery: 16, onShadowMismatch: mismatch =>
        {
            lock (_found) _found.Add(mismatch);
        });
        (_alice, _bob) = (_rig.Wallet(1), _rig.Wallet(2));
        Assert.Equal(LedgerResult.Accepted, _rig.Credit(_alice, 1_000));
        Assert.Equal(LedgerResult.Accepted, _rig.Transfer(_alice, _bob, 300).Result);
    }

    private ShadowChecker Shadow => _rig.Shard.Shadow!;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Books_that_hold_are_compared_again_and_again_and_nothing_is_said()
    {
        for (ulong i = 1; i <= 200; i++)
        {
            _rig.Credit(_alice, 10, key: i);
            var (result, reservation) = _rig.Reserve(_alice, 5);
            Assert.Equal(LedgerResult.Accepted, result);
            if (i % 3 == 0) _rig.Commit(reservation, i % 2 == 0 ? _bob : 0);
            else if (i % 3 == 1) _rig.Release(reservation);
        }

        var rounds = Shadow.Rounds;
        Until(() => Shadow.Through == _rig.Shard.Cursors.Committed && Shadow.Rounds > rounds + 2);
        Assert.Equal(0, Shadow.Mismatches);
        _rig.Reopen(); // it takes over what recovery has made
        _rig.Transfer(_alice, _bob, 1);
        Until(() => Shadow.Through == _rig.Shard.Cursors.Committed && Shadow.Rounds > 2);
        Assert.Equal(0, Shadow.Mismatches);
    }

    [Fact]
    public void A_row_that_nobody_uses_is_found_by_comparing()
    {
        AgreeOnAll();
        var agreed = _rig.Shard.Cursors.Committed;
        RowOf(_alice)->Available ^= 64;
        var found = TheOne();
        Assert.Equal((ShadowFlaw.LiveRow, _alice, ShardRig.Tenant), (found.Flaw, found.Wallet, found.Tenant));
        Assert.Equal((new ShadowBalance(700, 0), new ShadowBalance(700 ^ 64, 0)), (found.Expected, found.Found));
        Assert.Equal((agreed, 0), (found.AgreedAt, found.Replay.Count));
        Until(() => _rig.Transfer(_alice, _bob, 1).Result == LedgerResult.WalletFrozen);
    }

    [Fact]
    public void A_lot_that_differs_is_found_though_the_row_agrees()
    {
        AgreeOnAll();
        var row = RowOf(_alice);
        ((LotRow*)((byte*)row + AccountRow.OwnLotOffset))->Available ^= 1;
        var found = TheOne();
        Assert.Equal((ShadowFlaw.Parts, _alice), (found.Flaw, found.Wallet));
    }

    /// <summary>The row changes between two looks at it, which are a tenth of a second apart: most times nobody looks before the transfer.</summary>
    [Fact]
    public void A_fact_that_was_decided_on_a_wrong_row_is_found_with_its_postings()
    {
        const int attempts = 20;
        var (flaw, tried) = (ShadowFlaw.LiveRow, 0);
        for (; flaw != ShadowFlaw.Fact && tried < attempts; tried++)
        {
            ShadowMismatch? found = null;
            using var rig = new ShardRig(shadowEvery: long.MaxValue / 2, onShadowMismatch: mismatch => Volatile.Write(ref found, mismatch));
            var (alice, bob) = (rig.Wallet(1), rig.Wallet(2));
            rig.Credit(alice, 1_000);
            RowOf(rig, alice)->Available += 4_096;
            rig.Transfer(alice, bob, 300);
            Until(() => Volatile.Read(ref found) != null);
            Assert.Equal(alice, found!.Wallet);
            if ((flaw = found.Flaw) != ShadowFlaw.Fact) continue;
            Assert.Equal((new ShadowBalance(700, 0), new ShadowBalance(4_796, 0)), (found.Expected, found.Found));
            Assert.Equal([(1_000, 1_000), (-300, 4_796)], found.Replay.Select(step => ((int)step.Amount, (int)step.After)));
        }

        Assert.Equal(ShadowFlaw.Fact, flaw);
    }

    private void AgreeOnAll()
    {
        var rounds = Shadow.Rounds;
        Until(() => Shadow.Through == _rig.Shard.Cursors.Committed && Shadow.Rounds > rounds + 1);
    }

    private ShadowMismatch TheOne()
    {
        Until(() =>
        {
            lock (_found) return _found.Count > 0;
        });
        return Assert.Single(_found);
    }

    private AccountRow* RowOf(ulong wallet) => RowOf(_rig, wallet);

    private static AccountRow* RowOf(ShardRig rig, ulong wallet)
    {
        var table = rig.Shard.Ledger.Sections().Single(section => section.Table == StateTable.Accounts);
        for (var row = (AccountRow*)table.Memory + 1; row < table.Memory + table.Bytes; row++)
        {
            if (row->Wallet == wallet) return row;
        }

        throw new InvalidOperationException("the wallet has no account");
    }

    private static void Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < Patience, "it did not come to pass");
            Thread.Sleep(2);
        }
    }
}
