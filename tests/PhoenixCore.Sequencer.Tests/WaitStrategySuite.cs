using System.Diagnostics;

namespace PhoenixCore.Sequencer.Tests;

/// <summary>What must hold whichever way the consumer waits.</summary>
public class WaitStrategySuite
{
    private const int LongMicroseconds = 20_000_000; // Reached only by a failure.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    public static TheoryData<string> Strategies => new(WaitStrategies.Names);

    public static TheoryData<string, int, int> Loads()
    {
        var loads = new TheoryData<string, int, int>();
        foreach (var name in WaitStrategies.Names)
        {
            foreach (var producers in new[] { 1, 2, 3, 8 })
            {
                loads.Add(name, producers, 1);
                loads.Add(name, producers, 37);
            }
        }

        return loads;
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void Each_producers_order_is_kept_and_nothing_is_lost_or_doubled(string strategy, int producers, int claimMax)
    {
        using var ring = new CommandRing<Command>(256, WaitStrategies.Create(strategy));
        var perProducer = TestSize.Scale(claimMax == 1 ? 500_000 : 2_000_000, 20_000_000) / producers;
        var threads = Enumerable.Range(0, producers).Select(id => new Thread(() => Produce(ring, id, perProducer, claimMax))).ToArray();
        foreach (var thread in threads) thread.Start();

        var counts = Consume(ring, producers, (long)perProducer * producers);

        Assert.All(counts, count => Assert.Equal(perProducer, count));
        foreach (var thread in threads) Assert.True(thread.Join(Bound));
        Assert.Equal(0, ring.Available(256));
        Assert.Equal((long)perProducer * producers, ring.Next);
    }

    /// <summary>Two threads that take turns, so that each hand-over finds the other about to sleep or asleep.</summary>
    /// <remarks>A lost wake-up sleeps for the whole bound: one is enough to fail.</remarks>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_wake_up_is_lost_however_often_the_consumer_sleeps(string strategy)
    {
        var rounds = TestSize.Scale(100_000, 1_000_000);
        using var there = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        using var back = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        var echoed = 0;
        var echo = new Thread(() =>
        {
            while (echoed < rounds && Take(there))
            {
                echoed++;
                Give(back);
            }
        });
        echo.Start();

        var returned = 0;
        for (; returned < rounds; returned++)
        {
            Give(there);
            if (!Take(back)) break;
        }

        Assert.Equal(rounds, returned);
        Assert.True(echo.Join(Bound));
    }

    /// <summary>As above for news outside the ring: a number moves, then the consumer is woken.</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_wake_is_lost_between_two_looks_at_what_it_announces(string strategy)
    {
        var rounds = TestSize.Scale(100_000, 1_000_000);
        using var ring = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        long told = 0, heard = 0, longest = 0;
        var committer = new Thread(() =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                Volatile.Write(ref told, round);
                ring.Wake();
                if ((round & 3) == 0) while (Volatile.Read(ref heard) < round && Volatile.Read(ref heard) >= 0) Thread.Yield();
            }
        });
        committer.Start();

        while (heard < rounds)
        {
            var before = Stopwatch.GetTimestamp();
            Assert.False(ring.WaitForWork(LongMicroseconds));
            longest = Math.Max(longest, Stopwatch.GetTimestamp() - before);
            Volatile.Write(ref heard, Volatile.Read(ref told));
            if (Stopwatch.GetElapsedTime(0, longest).TotalMicroseconds >= LongMicroseconds) Volatile.Write(ref heard, long.MinValue);
            if (heard < 0) break;
        }

        Assert.Equal(rounds, heard);
        Assert.True(committer.Join(Bound));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_wait_without_work_ends_when_the_time_is_up(string strategy)
    {
        using var ring = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        Assert.False(ring.WaitForWork(0));

        var before = Stopwatch.GetTimestamp();
        Assert.False(ring.WaitForWork(3_000));
        Assert.InRange(Stopwatch.GetElapsedTime(before).TotalMicroseconds, 3_000, 5_000_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.WaitForWork(-1));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_wake_before_the_wait_ends_that_wait_and_no_other(string strategy)
    {
        using var ring = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        ring.Wake();
        ring.Wake();

        var before = Stopwatch.GetTimestamp();
        Assert.False(ring.WaitForWork(LongMicroseconds));
        Assert.True(Stopwatch.GetElapsedTime(before).TotalMicroseconds < LongMicroseconds);
        Assert.False(ring.HasWork);

        before = Stopwatch.GetTimestamp();
        Assert.False(ring.WaitForWork(3_000));
        Assert.True(Stopwatch.GetElapsedTime(before).TotalMicroseconds >= 3_000);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Work_that_is_there_is_reported_without_waiting(string strategy)
    {
        using var ring = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        Give(ring);
        Assert.True(ring.WaitForWork(0));
        ring.Wake();
        Assert.True(ring.WaitForWork(LongMicroseconds));
    }

    private static unsafe void Produce(CommandRing<Command> ring, int id, int total, int claimMax)
    {
        var random = new Random(id);
        for (var number = 0; number < total;)
        {
            var count = Math.Min(random.Next(1, claimMax + 1), total - number);
            var first = ring.ClaimBlocking(count, CancellationToken.None);
            for (var i = 0; i < count; i++, number++)
                *ring.Slot(first + i) = new Command { Producer = id, Number = number, NumberAgain = number };
            ring.Publish(first, count);
        }
    }

    private static unsafe long[] Consume(CommandRing<Command> ring, int producers, long total)
    {
        var counts = new long[producers];
        for (var taken = 0L; taken < total;)
        {
            var count = ring.Available(64);
            if (count == 0 && !ring.WaitForWork(LongMicroseconds)) throw new TimeoutException($"Nothing came after {taken}.");
            for (var i = 0; i < count; i++)
            {
                var command = *ring.Slot(ring.Next + i);
                Assert.Equal(counts[command.Producer]++, command.Number);
                Assert.Equal(command.Number, command.NumberAgain);
            }

            ring.Release(count);
            taken += count;
        }

        return counts;
    }

    private static void Give(CommandRing<Command> ring)
    {
        Assert.True(ring.TryClaim(1, out var first));
        ring.Publish(first, 1);
    }

    private static bool Take(CommandRing<Command> ring)
    {
        if (!ring.WaitForWork(LongMicroseconds)) return false;
        ring.Release(ring.Available(1));
        return true;
    }
}
