namespace PhoenixCore.Sequencer;

/// <summary>Claims that found the ring full, first come, first served; the cold side of back-pressure.</summary>
/// <remarks>
/// The consumer never takes the lock: it looks at one counter and at most hands a work item to the pool. While anyone
/// waits here, new claims queue behind; otherwise a stream of small claims would starve a large one for ever.
/// </remarks>
internal sealed class ClaimQueue(IClaimSource source) : IThreadPoolWorkItem
{
    private const int RecheckMilliseconds = 1;

    private readonly Lock _lock = new();
    private WaitingClaim? _oldest;
    private WaitingClaim? _newest;
    private int _waiting;
    private int _servingScheduled;
    private bool _closed;

    /// <summary>True while claims wait, and for ever once closed, so that the hot path needs one test for both.</summary>
    public bool IsOccupied => Volatile.Read(ref _waiting) != 0;

    public void ThrowIfClosed()
    {
        if (Volatile.Read(ref _closed)) throw Closed();
    }

    public async ValueTask<long> WaitAsync(int count, CancellationToken ct)
    {
        var claim = new WaitingClaim(count);
        var registration = Enqueue(claim, ct);
        await using (registration.ConfigureAwait(false)) return await claim.Task.ConfigureAwait(false);
    }

    /// <summary>Blocks the calling thread; it serves the queue itself now and then, so a starved pool only slows it.</summary>
    public long WaitBlocking(int count, CancellationToken ct)
    {
        var claim = new WaitingClaim(count);
        using var registration = Enqueue(claim, ct);
        while (Task.WaitAny([claim.Task], RecheckMilliseconds) < 0) Serve();

        return claim.Task.GetAwaiter().GetResult();
    }

    /// <summary>The consumer gave slots back. Never blocks, and costs a fence and a load when nobody waits.</summary>
    public void RoomMade()
    {
        // Dekker again: slots given back, then "does anyone wait?", against "I wait", then "is there room?" in Enqueue.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 0) return;
        if (Interlocked.Exchange(ref _servingScheduled, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Taken down before looking, with a fence: room made from here on schedules the next round.
        Interlocked.Exchange(ref _servingScheduled, 0);
        Serve();
    }

    /// <summary>Later claims are refused; those that wait end with <see cref="ObjectDisposedException"/>.</summary>
    public void Close()
    {
        WaitingClaim? dropped;
        lock (_lock)
        {
            if (_closed) return;
            Volatile.Write(ref _closed, true);
            dropped = _oldest;
            for (var claim = dropped; claim is not null; claim = claim.Following) claim.State = WaitingClaimState.Dropped;
            (_oldest, _newest) = (null, null);
            Volatile.Write(ref _waiting, int.MaxValue);
        }

        for (; dropped is not null; dropped = dropped.Following)
            dropped.SetException(Closed());
    }

    /// <returns>To be disposed of when the wait ends: a long-lived token must not collect one for each full ring.</returns>
    private CancellationTokenRegistration Enqueue(WaitingClaim claim, CancellationToken ct)
    {
        // Registered before it is queued, so that a token cancelled in between finds a claim it can drop.
        var registration = ct.UnsafeRegister(static (state, token) =>
        {
            var (queue, claim) = ((ClaimQueue, WaitingClaim))state!;
            queue.Cancel(claim, token);
        }, ct.CanBeCanceled ? (this, claim) : null);

        lock (_lock)
        {
            if (_closed) claim.TrySetException(Closed());
            else if (claim.State == WaitingClaimState.Created) Append(claim);
        }

        Interlocked.MemoryBarrier(); // The waiter's half of the handshake in RoomMade.
        Serve();
        return registration;
    }

    private static ObjectDisposedException Closed() => new(nameof(CommandRing<byte>));

    private void Serve()
    {
        WaitingClaim? granted = null;
        lock (_lock)
        {
            WaitingClaim? last = null;
            while (!_closed && _oldest is { } claim && source.TryTake(claim.Count, out var first))
            {
                Unlink(claim);
                claim.State = WaitingClaimState.Granted;
                claim.First = first;
                if (last is null) granted = claim;
                else last.Following = claim;
                last = claim;
            }
        }

        for (; granted is not null; granted = granted.Following) granted.SetResult(granted.First);
    }

    private void Cancel(WaitingClaim claim, CancellationToken token)
    {
        lock (_lock)
        {
            if (claim.State is WaitingClaimState.Granted or WaitingClaimState.Dropped) return;
            if (claim.State == WaitingClaimState.Queued) Unlink(claim);
            claim.State = WaitingClaimState.Dropped;
        }

        claim.TrySetCanceled(token);
        Serve(); // What the oldest was too large for may fit those behind it.
    }

    private void Append(WaitingClaim claim)
    {
        claim.State = WaitingClaimState.Queued;
        claim.Previous = _newest;
        if (_newest is null) _oldest = claim;
        else _newest.Following = claim;
        _newest = claim;
        Volatile.Write(ref _waiting, _waiting + 1);
    }

    private void Unlink(WaitingClaim claim)
    {
        if (claim.Previous is null) _oldest = claim.Following;
        else claim.Previous.Following = claim.Following;
        if (claim.Following is null) _newest = claim.Previous;
        else claim.Following.Previous = claim.Previous;
        (claim.Previous, claim.Following) = (null, null);
        Volatile.Write(ref _waiting, _waiting - 1);
    }
}
