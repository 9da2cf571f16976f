using System.Diagnostics;

namespace PhoenixCore.Sequencer.Tests;

public class HandoverRingTests
{
    private const int LongMicroseconds = 10_000_000; // Reached only by a failure.

    [Fact]
    public void Items_come_out_in_order_across_the_wrap()
    {
        using var ring = new HandoverRing<long>(4);
        for (var round = 0L; round < 50; round++)
        {
            Assert.True(ring.TryEnqueue([round, -round]));
            Assert.True(ring.TryEnqueue(in round));
            Assert.Equal(3, ring.Available(4));
            Assert.Equal([round, -round, round], PeekAll(ring, 3));
            ring.Release(3);
            Assert.False(ring.HasWork);
        }
    }

    [Fact]
    public void A_full_ring_takes_all_items_of_a_run_or_none()
    {
        using var ring = new HandoverRing<long>(4);
        Assert.True(ring.TryEnqueue([1, 2, 3]));
        Assert.False(ring.TryEnqueue([4, 5]));
        Assert.True(ring.TryEnqueue(4L));
        Assert.False(ring.TryEnqueue(5L));
        Assert.True(ring.TryEnqueue([]));
        Assert.Equal([1L, 2, 3, 4], PeekAll(ring, ring.Available(100)));

        ring.Release(1);
        Assert.False(ring.TryEnqueue([5, 6]));
        Assert.True(ring.TryEnqueue([5]));
        Assert.Equal([2L, 3, 4, 5], PeekAll(ring, ring.Available(100)));
        Assert.False(ring.TryEnqueue([1, 2, 3, 4, 5]));
    }

    [Fact]
    public void Only_what_was_seen_can_be_released()
    {
        using var ring = new HandoverRing<long>(4);
        Assert.True(ring.TryEnqueue([1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Release(1));
        Assert.Equal(0, ring.Available(0));
        Assert.Equal(1, ring.Available(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Release(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Release(3));
        ring.Release(1);
        Assert.True(ring.HasWork);
    }

    [Theory]
    [InlineData(WaitStrategies.Blocking)]
    [InlineData(WaitStrategies.BlockingAtOnce)]
    [InlineData(WaitStrategies.Yielding)]
    public void Nothing_is_lost_or_reordered_between_two_threads_with_one_signal_per_run(string strategy)
    {
        var total = TestSize.Scale(2_000_000, 100_000_000);
        using var ring = new HandoverRing<long>(1024);
        var wait = WaitStrategies.Create(strategy);
        var producer = new Thread(() => Produce(ring, wait, total));
        producer.Start();

        for (var expected = 0L; expected < total;)
        {
            var before = Stopwatch.GetTimestamp();
            Assert.True(wait.Wait(ring, LongMicroseconds) && Stopwatch.GetElapsedTime(before).TotalMicroseconds < LongMicroseconds, "The consumer slept through a signal.");
            var count = ring.Available(100);
            foreach (var item in PeekAll(ring, count)) Assert.Equal(expected++, item);
            ring.Release(count);
        }

        Assert.True(producer.Join(TimeSpan.FromSeconds(20)));
        Assert.False(ring.HasWork);
    }

    [Fact]
    public void A_hand_over_allocates_nothing()
    {
        using var ring = new HandoverRing<long>(4);
        HandOver(ring, 1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        HandOver(ring, 100_000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void HandOver(HandoverRing<long> ring, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ring.TryEnqueue([1, 2]);
            ring.Release(ring.Available(4));
        }
    }

    private static void Produce(HandoverRing<long> ring, IWaitStrategy wait, int total)
    {
        var random = new Random(1);
        Span<long> run = stackalloc long[100];
        for (var number = 0L; number < total;)
        {
            var count = (int)Math.Min(random.Next(1, run.Length + 1), total - number);
            for (var i = 0; i < count; i++) run[i] = number + i;
            while (count > 1 ? !ring.TryEnqueue(run[..count]) : !ring.TryEnqueue(in run[0])) Thread.Yield();
            number += count;
            wait.Signal();
        }
    }

    private static unsafe long[] PeekAll(HandoverRing<long> ring, int count)
    {
        var items = new long[count];
        for (var i = 0; i < count; i++) items[i] = *ring.Peek(i);
        return items;
    }
}
