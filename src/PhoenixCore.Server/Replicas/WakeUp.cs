namespace PhoenixCore.Server.Replicas;

/// <summary>Wakes one task from any thread: signalling neither blocks nor waits, and many signals are one.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0) _semaphore.Release();
    }

    /// <returns>False when the time passed first.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, CancellationToken ct)
    {
        if (!await _semaphore.WaitAsync(patience, ct).ConfigureAwait(false)) return false;
        Volatile.Write(ref _isSet, 0);
        return true;
    }

    public void Dispose() => _semaphore.Dispose();
}
