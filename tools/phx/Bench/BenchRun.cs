using System.Diagnostics;
using PhoenixCore.Journal;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Tools.Bench;

/// <summary>Senders that keep a shard of their own busy for a while.</summary>
internal sealed class BenchRun(BenchOptions options)
{
    private ShardFault? _fault;
    private readonly Stopwatch _clock = new();
    private volatile bool _stop;

    /// <summary>0–1; any thread.</summary>
    public double Fraction => Math.Min(1.0, _clock.Elapsed.TotalSeconds / options.Seconds);

    /// <summary>Ends the load early; any thread.</summary>
    public void Stop() => _stop = true;

    /// <returns>The figures, and what is wrong with the books, which is null.</returns>
    /// <exception cref="ToolException">The shard stopped for good.</exception>
    public async Task<(LoadFigures Figures, string? BooksFault)> RunAsync(IJournalStorage storage)
    {
        var settings = new ShardOptions { Journal = new JournalOptions { ShardId = Guid.NewGuid(), Writer = options.Writer } };
        var shard = Open(storage, settings);
        var load = LoadAsync(shard);
        // After a fault the shard is left as it is: what waits for its answers cannot be brought home any more, and the process ends.
        if (await Task.WhenAny(load, shard.Fault).ConfigureAwait(false) != load) throw Stopped(await shard.Fault.ConfigureAwait(false));

        using (shard)
        {
            var figures = await load.ConfigureAwait(false);
            return (figures, shard.FindFault());
        }
    }

    private LedgerShard Open(IJournalStorage storage, ShardOptions settings)
    {
        try
        {
            return LedgerShard.Open(storage, settings, new SystemClock(), fault => _fault = fault);
        }
        catch (InvalidOperationException) when (_fault is { } fault)
        {
            throw Stopped(fault);
        }
    }

    private static ToolException Stopped(ShardFault fault) => new(fault.ExitCode, $"the shard stopped: {fault.Reason.Message}");

    private async Task<LoadFigures> LoadAsync(LedgerShard shard)
    {
        var ledger = await BenchLedger.CreateAsync(shard, options.Wallets).ConfigureAwait(false);
        _clock.Start();
        var senders = Enumerable.Range(0, options.Senders).Select(seed => Task.Run(() => SendAsync(shard, ledger, seed))).ToArray();
        var parts = await Task.WhenAll(senders).ConfigureAwait(false);
        var seconds = _clock.Elapsed.TotalSeconds;
        var all = new Latencies();
        foreach (var part in parts) all.Add(part.Batches);
        return new LoadFigures(parts.Sum(part => part.Answered), parts.Sum(part => part.Refused), seconds, all);
    }

    private async Task<LoadFigures> SendAsync(LedgerShard shard, BenchLedger ledger, int seed)
    {
        var random = new Random(seed);
        var latencies = new Latencies();
        long answered = 0, accepted = 0;
        using var batch = new ShardBatch(shard, options.Batch);
        while (!_stop && _clock.Elapsed.TotalSeconds < options.Seconds)
        {
            ledger.FillTransfers(batch, options.Batch, random);
            var start = Stopwatch.GetTimestamp();
            await shard.SendAsync(batch, CancellationToken.None).ConfigureAwait(false);
            latencies.Add(Stopwatch.GetTimestamp() - start);
            answered += batch.Count;
            accepted += BenchLedger.Accepted(batch);
            batch.Clear();
        }

        return new LoadFigures(answered, answered - accepted, options.Seconds, latencies);
    }
}
