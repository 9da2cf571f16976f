using System.Collections.Concurrent;
using System.Diagnostics;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Bench.Load.Core;

/// <summary>A shard on a real directory with wallets in it, and senders that keep it busy.</summary>
public sealed unsafe class CoreRun : IDisposable
{
    private const int SegmentBytes = 64 << 20;
    private const int GroupBytes = 2 << 20; // as the server has it
    private const int BatchSize = 2_048;
    private const int BatchesInFlight = 12;

    /// <summary>Offered commands come in many small batches: with a few large ones the sender would wait for answers, and the wait would count.</summary>
    private const int OfferBatchSize = 256;
    private const int OfferBatches = 256;
    private const double OfferEverySeconds = 20e-6;

    private readonly string _directory;
    private readonly BlockingCollection<ShardBatch> _free = [];
    private readonly BlockingCollection<ShardBatch> _offers = [];
    private readonly List<ShardBatch> _all = [];

    public CoreRun(string root, int wallets, WriterKind writer, int lotsPerWallet = 1, int hotKeys = 1 << 22)
    {
        _directory = Path.Combine(root, "core-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(_directory);
        Options = new ShardOptions
        {
            Journal = new JournalOptions { ShardId = Guid.NewGuid(), Writer = writer, SegmentBytesMin = SegmentBytes, SegmentBytesMax = SegmentBytes, GroupBytesMax = GroupBytes },
            Ledger = new LedgerOptions { WalletsExpected = wallets, HotKeys = hotKeys },
            AnswerOnPool = false,
        };
        Storage = new PosixStorage(_directory);
        Shard = LedgerShard.Open(Storage, Options, new SystemClock(), fault => Environment.FailFast(fault.ToString()));
        MakeBatches();
        Wallets = new ulong[wallets];
        House = MakeTenant();
        MakeWallets(lotsPerWallet);
    }

    public IJournalStorage Storage { get; }

    public ShardOptions Options { get; }

    public LedgerShard Shard { get; private set; }

    public string DataDirectory => _directory;

    public ulong[] Wallets { get; }

    public ulong House { get; }

    public long Accepted;
    public long Refused;

    /// <summary>As fast as it goes: every free batch is filled and sent again.</summary>
    public double Saturate(double seconds, Action<ShardBatch> fill)
    {
        (Accepted, Refused) = (0, 0);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var batch = _free.Take();
            batch.Clear();
            fill(batch);
            SendAndCount(batch);
        }

        Drain();
        return Accepted / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Offers commands on a schedule that does not wait for answers; latency counts from the time a command was due.</summary>
    public Latencies Offer(double seconds, double perSecond, Action<ShardBatch, int> fill)
    {
        (Accepted, Refused) = (0, 0);
        var latencies = new Latencies((int)(seconds * perSecond / Latencies.SampleEvery) + 1_000);
        var start = Stopwatch.GetTimestamp();
        var ticksPer = Stopwatch.Frequency / perSecond;
        long sent = 0;
        var total = (long)(seconds * perSecond);
        var least = (long)(perSecond * OfferEverySeconds);
        while (sent < total)
        {
            var due = Math.Min(total, (long)((Stopwatch.GetTimestamp() - start) / ticksPer));
            if (due - sent < Math.Min(least, total - sent))
            {
                Thread.SpinWait(20);
                continue;
            }

            var count = (int)Math.Min(OfferBatchSize, due - sent);
            var batch = _offers.Take();
            batch.Clear();
            fill(batch, count);
            var first = sent;
            var awaiter = SendCounted(batch);
            awaiter.OnCompleted(() =>
            {
                latencies.Add(start, ticksPer, first, count, Stopwatch.GetTimestamp());
                Count(batch, _offers);
            });
            sent += count;
        }

        Drain(_offers, OfferBatches);
        return latencies;
    }

    /// <summary>Sends pairs: reserve, then settle each accepted reservation to the house.</summary>
    public double BettingPairs(double seconds, Script script)
    {
        var pairs = 0L;
        // One line for both: whoever waited for a free batch alone would sleep for ever once all of them hold reservations.
        using var ready = new BlockingCollection<(ShardBatch Batch, bool IsReserved)>();
        for (var i = 0; i < BatchesInFlight; i++) ready.Add((_free.Take(), false));
        var settle = new ulong[BatchSize];
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var (batch, isReserved) = ready.Take();
            var count = isReserved ? Reserved(batch, settle) : 0;
            batch.Clear();
            if (count == 0)
            {
                for (var i = 0; i < BatchSize; i++) script.Reserve(batch.Add(), script.PickNext());
                SendThen(batch, reserved => ready.Add((reserved, true)));
                continue;
            }

            for (var i = 0; i < count; i++) script.Settle(batch.Add(), settle[i]);
            SendThen(batch, settled =>
            {
                Interlocked.Add(ref pairs, AcceptedIn(settled));
                ready.Add((settled, false));
            });
        }

        var elapsed = watch.Elapsed.TotalSeconds;
        for (var i = 0; i < BatchesInFlight; i++) _free.Add(ready.Take().Batch);
        return pairs / elapsed;
    }

    /// <summary>The numbers of the reservations that a batch made.</summary>
    private static int Reserved(ShardBatch batch, ulong[] numbers)
    {
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Reply(i)->Result == LedgerResult.Accepted) numbers[count++] = Numbers.Of(batch.Reply(i)->Sequence, 1);
        }

        return count;
    }

    private static int AcceptedIn(ShardBatch batch)
    {
        var count = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Reply(i)->Result == LedgerResult.Accepted) count++;
        }

        return count;
    }

    /// <summary>Bytes of the journal's files.</summary>
    public long JournalBytes => new DirectoryInfo(_directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Closes and recovers; seconds that replay took, as the journal itself measured it.</summary>
    public double Recover(out long facts)
    {
        facts = (long)Shard.Cursors.Committed;
        Reopen(Options);
        return Shard.Recovery.ReplayMilliseconds / 1_000;
    }

    /// <summary>Returns when segments for so many bytes are ready, none of which is being made: the next of them only when these are nearly used up.</summary>
    public void MakeReady(long bytes)
    {
        Reopen(Options with { Journal = Options.Journal with { SparesAhead = (int)(bytes / SegmentBytes) + 1 } });
        while (Shard.JournalReadyBytes < bytes) Thread.Sleep(10);
        Reopen(Options);
    }

    private void Reopen(ShardOptions options)
    {
        foreach (var batch in _all) batch.Dispose();
        _all.Clear();
        while (_free.TryTake(out _) || _offers.TryTake(out _))
        {
            // They belong to the shard that ends.
        }

        Shard.Dispose();
        Shard = LedgerShard.Open(Storage, options, new SystemClock(), fault => Environment.FailFast(fault.ToString()));
        MakeBatches();
    }

    public void Dispose()
    {
        foreach (var batch in _all) batch.Dispose();
        Shard.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ulong MakeTenant()
    {
        var keys = stackalloc UInt128[2];
        keys[0] = 1;
        keys[1] = 2;
        var batch = _free.Take();
        batch.Clear();
        var command = batch.Add();
        command->Kind = CommandKind.CreateTenant;
        command->Tenant = Script.Tenant;
        command->Flags = CommandFlags.WithHouse;
        command->Arguments = keys;
        Shard.SendAsync(batch, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var house = Numbers.Of(batch.Reply(0)->Sequence, 5);
        _free.Add(batch);
        return house;
    }

    private void MakeWallets(int lotsPerWallet)
    {
        for (var i = 0; i < Wallets.Length;)
        {
            var batch = _free.Take();
            batch.Clear();
            var first = i;
            for (; i < Wallets.Length && batch.Count < BatchSize; i++)
            {
                var command = batch.Add();
                command->Kind = CommandKind.CreateWallet;
                command->Tenant = Script.Tenant;
                command->AssetCode = Script.Usd;
                command->WalletAliasLo = (ulong)i;
                command->WalletAliasHi = ~(ulong)i;
            }

            SendThen(batch, done =>
            {
                for (var k = 0; k < done.Count; k++) Wallets[first + k] = Numbers.Of(done.Reply(k)->Sequence, 1);
                _free.Add(done);
            });
        }

        Drain();
        for (var lot = 0; lot < lotsPerWallet; lot++)
        {
            for (var i = 0; i < Wallets.Length;)
            {
                var batch = _free.Take();
                batch.Clear();
                for (; i < Wallets.Length && batch.Count < BatchSize; i++) FillCredit(batch.Add(), Wallets[i], lotsPerWallet == 1 ? 1_000_000 : 100);
                SendAndCount(batch);
            }
        }

        var last = _free.Take();
        last.Clear();
        FillCredit(last.Add(), House, (Int128)1 << 80);
        SendAndCount(last);
        Drain();
    }

    private static void FillCredit(Command* command, ulong wallet, Int128 amount)
    {
        command->Kind = CommandKind.CreateCredit;
        command->Tenant = Script.Tenant;
        command->AssetCode = Script.Usd;
        command->Wallet = wallet;
        command->Amount = amount;
    }

    private void SendAndCount(ShardBatch batch) => SendThen(batch, done => Count(done, _free));

    private void Count(ShardBatch batch, BlockingCollection<ShardBatch> to)
    {
        var accepted = AcceptedIn(batch);
        Interlocked.Add(ref Accepted, accepted);
        Interlocked.Add(ref Refused, batch.Count - accepted);
        to.Add(batch);
    }

    private void SendThen(ShardBatch batch, Action<ShardBatch> then)
    {
        var awaiter = SendCounted(batch);
        awaiter.OnCompleted(() => then(batch));
    }

    private System.Runtime.CompilerServices.ValueTaskAwaiter SendCounted(ShardBatch batch)
    {
        Shard.Send(batch);
        return batch.Answered.GetAwaiter();
    }

    private void MakeBatches()
    {
        MakeBatches(_free, BatchesInFlight, BatchSize);
        MakeBatches(_offers, OfferBatches, OfferBatchSize);
    }

    private void MakeBatches(BlockingCollection<ShardBatch> to, int count, int size)
    {
        for (var i = 0; i < count; i++)
        {
            var batch = new ShardBatch(Shard, size);
            _all.Add(batch);
            to.Add(batch);
        }
    }

    private void Drain() => Drain(_free, BatchesInFlight);

    private static void Drain(BlockingCollection<ShardBatch> batches, int all)
    {
        while (batches.Count < all) Thread.Yield();
    }
}
