using System.Collections.Concurrent;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>The batches of all streams: some 4 MiB each, made when needed, never more than the bound, so that many streams wait and do not exhaust memory. Any thread.</summary>
internal sealed class SubmitBatchPool(LedgerShard shard, int batchesMax) : IDisposable
{
    private readonly ConcurrentStack<SubmitBatch> _idle = new();
    private readonly SemaphoreSlim _free = new(batchesMax);

    public async ValueTask<SubmitBatch> RentAsync(CancellationToken ct)
    {
        await _free.WaitAsync(ct).ConfigureAwait(false);
        return _idle.TryPop(out var batch) ? batch : new SubmitBatch(shard);
    }

    /// <param name="batch">Answered, or never sent.</param>
    public void Return(SubmitBatch batch)
    {
        batch.Clear();
        _idle.Push(batch);
        _free.Release();
    }

    /// <summary>The streams have ended and the shard still stands.</summary>
    public void Dispose()
    {
        while (_idle.TryPop(out var batch)) batch.Dispose();
        _free.Dispose();
    }
}
