using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Shard.Tests;

public class ColdKeyTests
{
    private const int HotKeys = 1 << 12; // as the rig keeps

    [Fact]
    public void A_key_that_memory_has_forgotten_still_answers_its_original()
    {
        using var rig = new ShardRig();
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 1_000_000);
        var first = rig.Transfer(a, b, 60, key: 1);
        var refused = rig.Transfer(b, a, 1_000, key: 2);
        Assert.Equal(LedgerResult.InsufficientBalance, refused.Result);
        rig.TransferMany(a, b, firstKey: 1_000, count: HotKeys + 500);

        Assert.True(rig.Shard.KeysForgottenUpTo > refused.Sequence);
        Assert.Equal((LedgerResult.Accepted, first.Sequence, true), rig.Transfer(a, b, 60, key: 1));
        Assert.Equal((LedgerResult.InsufficientBalance, refused.Sequence, true), rig.Transfer(b, a, 1_000, key: 2));
        Assert.Equal(LedgerResult.IdempotencyConflict, rig.Transfer(a, b, 61, key: 1).Result);
        Assert.Equal(((Int128)(60 + HotKeys + 500), (Int128)0), rig.Balance(b));
    }

    [Fact]
    public void A_new_key_is_applied_once_although_memory_has_forgotten_others()
    {
        using var rig = new ShardRig();
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 1_000_000);
        rig.TransferMany(a, b, firstKey: 1_000, count: HotKeys + 500);
        rig.Reopen();
        Assert.False(rig.Transfer(a, b, 7, key: 5).Duplicate);
        Assert.True(rig.Transfer(a, b, 7, key: 5).Duplicate);
    }

    /// <summary>Old and new keys mixed, memory a fraction of them, many small segments and runs, restarts in between, against what a dictionary says.</summary>
    [Fact]
    public void Every_key_is_applied_exactly_once_however_little_memory_keeps()
    {
        using var rig = new ShardRig(hotKeys: 1 << 10, keysPerRun: 256);
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 1_000_000);
        var known = new Dictionary<ulong, ulong>();
        var random = new Random(7);
        var moved = 0;
        for (var round = 0; round < 6; round++)
        {
            // Long ago, in batches; then single ones, old and new.
            var first = (ulong)(round * 100_000) + 1_000_000;
            rig.TransferMany(a, b, first, 5_000);
            moved += 5_000;
            for (var i = 0; i < 400; i++)
            {
                var key = (ulong)random.Next(1, 1_500);
                var sent = rig.Transfer(a, b, 1, key);
                Assert.Equal(LedgerResult.Accepted, sent.Result);
                Assert.Equal(known.TryGetValue(key, out var original), sent.Duplicate);
                if (sent.Duplicate) Assert.Equal(original, sent.Sequence);
                else moved++;
                known[key] = sent.Sequence;
                var old = rig.Transfer(a, b, 1, (ulong)(random.Next(round + 1) * 100_000) + 1_000_000 + (ulong)random.Next(5_000));
                Assert.True(old.Duplicate);
            }

            Assert.Equal(((Int128)moved, (Int128)0), rig.Balance(b));
            if (round % 2 == 1) rig.Reopen();
        }

        Assert.True(rig.Shard.History.SealedSegments.Count > 2);
        Assert.True(rig.Shard.History.KeyIndex.RunKeys > 20_000);
        Assert.Null(rig.Shard.FindFault());
    }

    /// <summary>Many senders of the same few keys at once while others push them out of memory: a search and the command it was made for are far apart.</summary>
    [Fact]
    public async Task A_key_sent_by_many_at_once_is_applied_once_while_memory_forgets()
    {
        using var rig = new ShardRig(hotKeys: 1 << 10, keysPerRun: 256);
        var (a, b, c) = (rig.Wallet(1), rig.Wallet(2), rig.Wallet(3));
        rig.Credit(a, 1_000_000);
        rig.TransferMany(a, c, firstKey: 1_000_000, count: 3_000);
        const int Keys = 300;
        using var ended = new CancellationTokenSource();
        var pushing = Task.Run(() =>
        {
            for (var next = 2_000_000UL; !ended.IsCancellationRequested; next += 1_000) rig.TransferMany(a, c, next, 1_000);
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            var random = new Random(sender);
            foreach (var key in Enumerable.Range(1, Keys).OrderBy(_ => random.Next())) rig.Transfer(a, b, 1, (ulong)key);
        })));
        await ended.CancelAsync();
        await pushing;
        Assert.Equal(((Int128)Keys, (Int128)0), rig.Balance(b));
        Assert.Empty(rig.Faults);
    }

    /// <summary>Between the search and the decision the key is applied by someone else and pushed out of memory again.</summary>
    [Fact]
    public unsafe void A_command_whose_search_is_older_than_what_memory_has_forgotten_is_handed_back()
    {
        using var rig = new ShardRig(hotKeys: 1 << 10, keysPerRun: 256);
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 1_000_000);
        rig.TransferMany(a, b, firstKey: 1_000_000, count: 3_000);
        using var batch = new ShardBatch(rig.Shard, 8);
        ShardRig.FillTransfer(batch.Add(), a, b, 1, key: 5);
        rig.Shard.ColdKeys.Search(batch, rig.Shard.KeysForgottenUpTo);
        Assert.True(batch[0]->KeysCheckedTo >= rig.Shard.KeysForgottenUpTo);
        var applied = rig.Transfer(a, b, 1, key: 5);
        rig.TransferMany(a, b, firstKey: 2_000_000, count: 2_000);
        rig.Send(batch);
        Assert.Equal(OutcomeKind.SearchColdKeys, batch.Reply(0)->Kind);
        Assert.Equal((LedgerResult.Accepted, applied.Sequence, true), rig.Transfer(a, b, 1, key: 5));
    }
}
