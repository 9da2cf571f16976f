using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Loops;

namespace PhoenixCore.Shard.Tests;

public sealed class EpochStartTests
{
    /// <summary>Whoever decides may be quick: what is due must not come between an epoch and its start.</summary>
    [Fact]
    public void The_first_fact_of_an_epoch_is_its_start_even_when_something_is_due()
    {
        using var rig = new ShardRig();
        var wallet = rig.Wallet(1);
        Assert.Equal(LedgerResult.Accepted, rig.Credit(wallet, 10));
        Assert.Equal(LedgerResult.Accepted, rig.Reserve(wallet, 5, rig.Clock.WallNanoseconds + 1_000_000_000).Result);
        rig.Shard.Dispose();
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        var options = new ShardOptions
        {
            Journal = new JournalOptions { ShardId = Guid.Empty, SegmentBytesMin = 2 << 20, SegmentBytesMax = 2 << 20 },
            Ledger = new LedgerOptions { HugePages = false, WalletsExpected = 1_024, HotKeys = 1 << 12 },
        };
        var kinds = new List<(ulong Epoch, PartKind Kind)>();
        using (var shard = LedgerShard.Open(new PosixStorage(rig.Directory), options, rig.Clock, new EagerHost(), _ => { }))
        {
            using var facts = shard.History.OpenCursor(1);
            while (facts.MoveNext()) kinds.Add((facts.Header.Epoch, (PartKind)facts.Header.PlainKind));
        }

        Assert.Contains(kinds, fact => fact.Kind == PartKind.ReservationExpired);
        Assert.All(kinds.GroupBy(fact => fact.Epoch), epoch => Assert.Equal(PartKind.EpochStarted, epoch.First().Kind));
    }

    /// <summary>Steps the sequencer the moment it can, and everything on the calling thread.</summary>
    private sealed class EagerHost : IShardHost
    {
        private ShardMachines _machines = null!; // until it is started

        public IWaitStrategy SequencerWait { get; } = new BlockingWait();

        public IWaitStrategy CommitterWait { get; } = new BlockingWait();

        public IWaitStrategy AnsweringWait { get; } = new BlockingWait();

        public IWaitStrategy SnapshotWait { get; } = new BlockingWait();

        public long LoopAllocations => 0;

        public void Start(ShardMachines machines, Action<ShardFault> onFault)
        {
            _machines = machines;
            machines.Sequencer.Step();
        }

        public void Await(Task answered, Task fault)
        {
            for (var steps = 0; steps < 10_000 && !answered.IsCompleted; steps++) Step();
            for (var steps = 0; steps < 100; steps++) Step();
            answered.Wait(TimeSpan.FromSeconds(30)); // it goes on on the pool
        }

        public void StopSnapshots()
        {
            // None is stepped.
        }

        public void Stop()
        {
            while (!_machines.IsDrained || _machines.Answering.HasWork) Step();
        }

        private void Step()
        {
            _machines.Sequencer.Step();
            _machines.Committer.Step();
            _machines.Answering.Step();
        }
    }
}
