namespace PhoenixCore.Sequencer.Tests;

/// <summary>What happens to those who want slots while the ring is full.</summary>
public sealed class BackPressureTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20); // Reached only by a failure.

    private readonly CommandRing<Command> _ring = new(8, new BlockingWait());

    public void Dispose() => _ring.Dispose();

    [Fact]
    public async Task A_waiting_claim_resumes_when_slots_are_released()
    {
        Fill();
        var claim = _ring.ClaimAsync(2, CancellationToken.None);
        Assert.False(claim.IsCompleted);

        Drain(2);
        Assert.Equal(8, await claim.AsTask().WaitAsync(Bound));
    }

    [Fact]
    public async Task A_blocked_thread_resumes_when_slots_are_released()
    {
        Fill();
        var claim = ClaimOnBlockedThread(2, CancellationToken.None);
        Assert.False(claim.IsCompleted);

        Drain(2);
        Assert.Equal(8, await claim.WaitAsync(Bound));
    }

    [Fact]
    public async Task Waiting_claims_are_served_in_order_and_small_ones_do_not_overtake_a_large_one()
    {
        Fill();
        var large = _ring.ClaimAsync(6, CancellationToken.None).AsTask();
        var small = _ring.ClaimAsync(1, CancellationToken.None).AsTask();
        Drain(5);
        Assert.False(_ring.TryClaim(1, out _));
        Assert.False(large.IsCompleted || small.IsCompleted);

        Drain(2);
        Assert.Equal(8, await large.WaitAsync(Bound));
        Assert.Equal(14, await small.WaitAsync(Bound));
        Assert.False(_ring.TryClaim(1, out _));
        Drain(1);
        Assert.True(_ring.TryClaim(1, out var first));
        Assert.Equal(15, first);
    }

    [Fact]
    public async Task A_cancelled_wait_claims_nothing_and_lets_the_next_in_line_pass()
    {
        Fill();
        Drain(1);
        using var cancel = new CancellationTokenSource();
        var large = _ring.ClaimAsync(8, cancel.Token).AsTask();
        var small = _ring.ClaimAsync(1, CancellationToken.None).AsTask();
        Assert.False(small.IsCompleted); // There is room for it, but it came second.

        cancel.Cancel();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.WaitAsync(Bound));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(8, await small.WaitAsync(Bound));
    }

    [Fact]
    public async Task A_cancelled_thread_stops_waiting()
    {
        Fill();
        using var cancel = new CancellationTokenSource();
        var claim = ClaimOnBlockedThread(1, cancel.Token);
        Assert.False(claim.IsCompleted);

        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim.WaitAsync(Bound));
        Drain(1);
        Assert.True(_ring.TryClaim(1, out _));
    }

    [Fact]
    public async Task A_cancelled_token_claims_nothing_even_with_room()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _ring.ClaimAsync(1, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => _ring.ClaimBlocking(1, cancelled));
        Assert.True(_ring.TryClaim(8, out _));
    }

    [Fact]
    public async Task Closing_the_ring_ends_every_waiting_claim()
    {
        Fill();
        var claims = Enumerable.Range(1, 5).Select(count => _ring.ClaimAsync(count, CancellationToken.None).AsTask()).ToArray();
        _ring.Dispose();
        foreach (var claim in claims) await Assert.ThrowsAsync<ObjectDisposedException>(() => claim.WaitAsync(Bound));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_tasks_wait_cancel_and_claim_at_once()
    {
        const int Tasks = 16;
        var rounds = TestSize.Scale(2_000, 100_000);
        var published = 0L;
        using var done = new CancellationTokenSource();
        var consumer = Task.Factory.StartNew(() => DrainUntil(done.Token), TaskCreationOptions.LongRunning);

        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(id => Task.Run(async () =>
        {
            var random = new Random(id);
            for (var round = 0; round < rounds; round++)
            {
                using var cancel = new CancellationTokenSource();
                var count = random.Next(1, 9);
                var claim = _ring.ClaimAsync(count, cancel.Token);
                if (random.Next(4) == 0) cancel.Cancel();
                try
                {
                    _ring.Publish(await claim, count);
                    Interlocked.Add(ref published, count);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }))).WaitAsync(3 * Bound);

        done.Cancel();
        _ring.Wake();
        Assert.Equal(published, await consumer.WaitAsync(Bound));
        Assert.True(_ring.TryClaim(8, out var first));
        Assert.Equal(published, first);
    }

    /// <summary>Slots come back just as a claim joins the queue, and never again: whoever misses the other waits for ever.</summary>
    [Fact]
    public async Task A_claim_that_queues_while_the_last_slot_is_released_is_served()
    {
        var rounds = TestSize.Scale(30_000, 3_000_000);
        using var ring = new CommandRing<Command>(1, new YieldingWait());
        var gaveUp = false;
        var consumer = new Thread(() =>
        {
            for (var round = 0; round < rounds && !(Volatile.Read(ref gaveUp) && ring.Available(1) == 0);)
            {
                if (ring.Available(1) == 0) continue;
                Thread.SpinWait(round++ & 31);
                ring.Release(1);
            }
        });
        consumer.Start();

        try
        {
            for (var round = 0; round < rounds; round++)
                ring.Publish(await ring.ClaimAsync(1, CancellationToken.None).AsTask().WaitAsync(Bound), 1);
        }
        finally
        {
            Volatile.Write(ref gaveUp, true);
        }

        Assert.True(consumer.Join(Bound));
    }

    private long DrainUntil(CancellationToken done)
    {
        var drained = 0L;
        while (true)
        {
            var stopping = done.IsCancellationRequested;
            var count = _ring.Available(8);
            if (count == 0 && stopping) return drained;
            if (count == 0) _ring.WaitForWork(1_000_000);
            _ring.Release(count);
            drained += count;
        }
    }

    /// <summary>Starts a blocking claim on a thread of its own, and returns when that thread sleeps.</summary>
    private Task<long> ClaimOnBlockedThread(int count, CancellationToken ct)
    {
        var claim = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                claim.SetResult(_ring.ClaimBlocking(count, ct));
            }
            catch (OperationCanceledException error)
            {
                claim.SetException(error);
            }
        });
        thread.Start();
        while ((thread.ThreadState & ThreadState.WaitSleepJoin) == 0) Thread.Yield();
        return claim.Task;
    }

    private void Fill()
    {
        Assert.True(_ring.TryClaim(8, out var first));
        _ring.Publish(first, 8);
    }

    private void Drain(int count)
    {
        Assert.Equal(count, _ring.Available(count));
        _ring.Release(count);
    }
}
