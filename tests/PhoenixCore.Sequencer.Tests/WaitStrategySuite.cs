using System.Diagnostics;

namespace PhoenixCore.Sequencer.Tests;

/// <summary>What must hold whichever way the consumer waits.</summary>
public class WaitStrategySuite
{
    private const int LongMicroseconds = 10_000_000; // Reached only by a failure.
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
        var perProducer = TestSize.Scale(500_000, 20_000_000) / producers;
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

    /// <summary>The producer aims at the moment between the consumer's last look and its sleep, with a shifting delay.</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void What_is_published_while_the_consumer_falls_asleep_wakes_it(string strategy)
    {
        var rounds = TestSize.Scale(200_000, 5_000_000);
        using var ring = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        var gaveUp = false;
        var producer = new Thread(() =>
        {
            for (var round = 0; round < rounds && !Volatile.Read(ref gaveUp); round++)
            {
                Give(ring);
                while (ring.Next <= round && !Volatile.Read(ref gaveUp)) Thread.SpinWait(1);
                Thread.SpinWait(round & 63);
            }
        });
        producer.Start();

        var taken = 0;
        while (taken < rounds && Take(ring)) taken++;
        Volatile.Write(ref gaveUp, true);

        Assert.Equal(rounds, taken);
        Assert.True(producer.Join(Bound));
    }

    /// <summary>News outside the ring: a number moves twice in short succession, each time followed by a wake.</summary>
    /// <remarks>The second wake aims at the moment when the consumer takes note of the first.</remarks>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_wake_is_lost_while_the_consumer_takes_note_of_another(string strategy)
    {
        var rounds = TestSize.Scale(200_000, 5_000_000);
        using var ring = new CommandRing<Command>(2, WaitStrategies.Create(strategy));
        var (told, heard, gaveUp) = (0, 0, false);
        var committer = new Thread(() =>
        {
            for (var round = 1; round <= rounds && !Volatile.Read(ref gaveUp); round++)
            {
                Volatile.Write(ref told, round);
                ring.Wake();
                if (round % 2 != 0) Thread.SpinWait((round >> 1) & 63);
                else while (Volatile.Read(ref heard) < round && !Volatile.Read(ref gaveUp)) Thread.SpinWait(1);
            }
        });
        committer.Start();

        while (heard < rounds)
        {
            var before = Stopwatch.GetTimestamp();
            Assert.False(ring.WaitForWork(LongMicroseconds));
            if (Stopwatch.GetElapsedTime(before).TotalMicroseconds >= LongMicroseconds) break;
            Volatile.Write(ref heard, Volatile.Read(ref told));
        }

        Volatile.Write(ref gaveUp, true);
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
            if (count == 0 && !IsWokenByWork(ring)) throw new TimeoutException($"Nothing woke the consumer after {taken}.");
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
        if (!IsWokenByWork(ring)) return false;
        ring.Release(ring.Available(1));
        return true;
    }

    // After a lost wake-up the end of the time finds the work all the same, so the time is what tells.
    private static bool IsWokenByWork(CommandRing<Command> ring)
    {
        var before = Stopwatch.GetTimestamp();
        return ring.WaitForWork(LongMicroseconds) && Stopwatch.GetElapsedTime(before).TotalMicroseconds < LongMicroseconds;
    }
}
