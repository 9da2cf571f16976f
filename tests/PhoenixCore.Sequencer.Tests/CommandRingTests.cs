namespace PhoenixCore.Sequencer.Tests;

/// <summary>What the ring does on one thread; no strategy is ever asked to wait here.</summary>
public sealed unsafe class CommandRingTests : IDisposable
{
    private readonly CommandRing<Command> _ring = new(8, new YieldingWait());

    public void Dispose() => _ring.Dispose();

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-8)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(int.MaxValue)]
    public void A_capacity_that_is_no_power_of_two_is_refused(int capacity)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandRing<Command>(capacity, new YieldingWait()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HandoverRing<Command>(capacity));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(int.MinValue)]
    public void A_claim_of_nothing_or_of_more_than_the_ring_is_an_error(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.TryClaim(count, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.ClaimBlocking(count, CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _ring.ClaimAsync(count, CancellationToken.None); });
    }

    [Fact]
    public void Slots_start_on_a_cache_line_and_wrap_after_the_last()
    {
        Assert.Equal(0, (long)_ring.Slot(0) % 64);
        Assert.Equal(sizeof(Command), (byte*)_ring.Slot(1) - (byte*)_ring.Slot(0));
        Assert.True(_ring.Slot(3) == _ring.Slot(11));
        Assert.True(_ring.Slot(7) != _ring.Slot(8) && _ring.Slot(8) == _ring.Slot(0));
    }

    [Fact]
    public void A_full_ring_refuses_a_claim_until_enough_is_released()
    {
        Publish(6);
        Assert.False(_ring.TryClaim(3, out _));
        Publish(2);
        Assert.False(_ring.TryClaim(1, out _));

        Assert.Equal(8, _ring.Available(100));
        _ring.Release(3);

        Assert.False(_ring.TryClaim(4, out _));
        Assert.True(_ring.TryClaim(3, out var first));
        Assert.Equal(8, first);
    }

    [Fact]
    public void A_gap_stops_the_consumer_until_it_is_published()
    {
        Assert.True(_ring.TryClaim(2, out var slow));
        Assert.True(_ring.TryClaim(3, out var fast));
        _ring.Publish(fast, 3);
        Assert.Equal(0, _ring.Available(8));
        Assert.False(_ring.HasWork);

        _ring.Publish(slow, 1);
        Assert.Equal(1, _ring.Available(8));
        _ring.Publish(slow + 1, 1);
        Assert.Equal(5, _ring.Available(8));
        Assert.Equal(2, _ring.Available(2));
        Assert.Equal(0, _ring.Available(-1));
    }

    [Fact]
    public void What_an_earlier_lap_published_is_not_published_in_this_one()
    {
        Publish(8);
        _ring.Release(_ring.Available(8));
        Assert.Equal(0, _ring.Available(8));

        Assert.True(_ring.TryClaim(8, out _));
        Assert.Equal(0, _ring.Available(8));
        Assert.False(_ring.HasWork);
    }

    [Fact]
    public void Only_what_was_seen_can_be_released()
    {
        Publish(4);
        Assert.Equal(2, _ring.Available(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.Release(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.Release(-1));
        _ring.Release(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ring.Release(1));
        Assert.Equal(2, _ring.Next);
    }

    [Fact]
    public void A_disposed_ring_refuses_claims_and_may_be_disposed_again()
    {
        _ring.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ring.TryClaim(1, out _));
        Assert.Throws<ObjectDisposedException>(() => _ring.ClaimBlocking(1, CancellationToken.None));
    }

    [Fact]
    public void A_round_trip_through_the_ring_allocates_nothing()
    {
        RoundTrips(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrips(100_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void RoundTrips(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var claim = _ring.ClaimAsync(3, CancellationToken.None);
            _ring.Publish(claim.Result, 3);
            _ring.Wake();
            _ring.WaitForWork(10);
            _ring.Release(_ring.Available(8));
        }
    }

    private void Publish(int count)
    {
        Assert.True(_ring.TryClaim(count, out var first));
        _ring.Publish(first, count);
    }
}
