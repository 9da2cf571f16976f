namespace PhoenixCore.Sequencer.Tests;

/// <summary>A consumer that wants to be woken for many commands only, and by whoever makes even a few worth it.</summary>
public sealed class PatienceTests
{
    private const int UnderWay = 4;

    [Fact]
    public void A_producer_wakes_only_when_as_many_commands_lie_there_as_the_consumer_wants()
    {
        var wait = new CountingWait();
        using var ring = new CommandRing<long>(8, wait);
        ring.WakeFrom(3);

        Publish(ring, 1);
        Publish(ring, 1);
        Assert.Equal(0, wait.Signals);
        Publish(ring, 1);
        Assert.Equal(1, wait.Signals);

        Assert.Equal(3, ring.Available(8));
        ring.Release(2);
        Publish(ring, 1);
        Assert.Equal(1, wait.Signals);
        Publish(ring, 2);
        Assert.Equal(2, wait.Signals);

        ring.WakeFrom(1);
        Publish(ring, 1);
        Assert.Equal(3, wait.Signals);
    }

    /// <summary>The shard's pattern: while a helper is busy a few commands do not count; its end is signalled. Nothing may be slept over.</summary>
    [Fact]
    public void What_comes_while_the_consumer_becomes_patient_is_not_slept_over()
    {
        var rounds = TestSize.Scale(20_000, 2_000_000);
        var wait = new BlockingWait(spinMicroseconds: 0);
        using var ring = new CommandRing<long>(64, wait);
        var helper = new Helper(wait);
        var consumer = new Consumer(ring, wait, helper, rounds);
        var helping = new Thread(helper.Run);
        var consuming = new Thread(consumer.Run);
        helping.Start();
        consuming.Start();
        for (var i = 0; i < rounds; i++)
        {
            // Fewer under way than the consumer wants while it is patient: if it slept over them, nothing else would wake it.
            while (i - ring.Next >= UnderWay) Thread.Yield();
            Publish(ring, 1);
        }

        Assert.True(consuming.Join(TimeSpan.FromSeconds(120)), "the consumer sleeps over commands");
        helper.Stop();
        helping.Join();
        Assert.Equal(0, consumer.SleptOver);
    }

    private static void Publish(CommandRing<long> ring, int count) => ring.Publish(ring.ClaimBlocking(count, CancellationToken.None), count);

    private sealed class CountingWait : IWaitStrategy
    {
        public int Signals { get; private set; }

        public bool Wait(IWorkSource source, int microsecondsMax) => source.HasWork;

        public void Signal() => Signals++;
    }

    /// <summary>Busy for a moment with each piece of work, like a committer with a group.</summary>
    private sealed class Helper(BlockingWait consumerWait)
    {
        private int _given;
        private int _done;
        private volatile bool _stop;

        public bool IsIdle => Volatile.Read(ref _done) == Volatile.Read(ref _given);

        public void Give() => Volatile.Write(ref _given, _given + 1);

        public void Stop() => _stop = true;

        public void Run()
        {
            while (!_stop)
            {
                if (IsIdle)
                {
                    Thread.Yield();
                    continue;
                }

                Thread.SpinWait(_done % 50);
                Volatile.Write(ref _done, _done + 1);
                consumerWait.Signal();
            }
        }
    }

    private sealed class Consumer(CommandRing<long> ring, BlockingWait wait, Helper helper, int rounds) : IWorkSource
    {
        private const int Many = 16;
        private const int LongMicroseconds = 2_000_000;
        private bool _isPatient;

        public int SleptOver { get; private set; }

        public bool HasWork => helper.IsIdle ? _isPatient || ring.Available(1) > 0 : ring.Available(Many) == Many;

        public void Run()
        {
            for (var taken = 0; taken < rounds;)
            {
                var count = ring.Available(Many);
                if (count > 0 && helper.IsIdle) helper.Give();
                ring.Release(count);
                taken += count;
                if (taken == rounds) return;
                _isPatient = !helper.IsIdle;
                ring.WakeFrom(_isPatient ? Many : 1);
                // Commands still come and the helper always ends: only a lost wake-up lasts so long.
                if (!wait.Wait(this, LongMicroseconds)) SleptOver++;
                _isPatient = false;
            }
        }
    }
}
