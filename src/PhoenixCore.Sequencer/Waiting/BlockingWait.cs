using System.Runtime.CompilerServices;

namespace PhoenixCore.Sequencer;

/// <summary>Spins briefly, then sleeps in the kernel until signalled: the default where threads outnumber cores.</summary>
/// <remarks>
/// A signal costs a fence and a load; only the one that finds the sleep flag up pays a system call, so a burst
/// of producers pays for at most one wake per sleep.
/// </remarks>
public sealed unsafe class BlockingWait : IWaitStrategy
{
    /// <summary>Long enough to bridge the gap between two publishes of a busy producer, shorter than a sleep and a wake.</summary>
    public const int SpinMicrosecondsDefault = 5;

    private const int Awake = 0;
    private const int Asleep = 1;
    private const int PausesPerLook = 8;
    private const int IntsPerLinePair = 128 / sizeof(int);

    private readonly int _spinMicroseconds;

    // Pinned, because the kernel sleeps on the address; collected, so that a late signal never touches freed memory.
    private readonly int[] _lines = GC.AllocateArray<int>(3 * IntsPerLinePair, pinned: true);
    private readonly int* _state;

    /// <param name="spinMicroseconds">How long to look before sleeping; 0 sleeps at once.</param>
    public BlockingWait(int spinMicroseconds = SpinMicrosecondsDefault)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spinMicroseconds);
        _spinMicroseconds = spinMicroseconds;
        _state = (int*)Unsafe.AsPointer(ref _lines[IntsPerLinePair]);
    }

    /// <inheritdoc/>
    public bool Wait(IWorkSource source, int microsecondsMax)
    {
        if (source.HasWork) return true;

        var deadline = Deadline.In(microsecondsMax);
        return SpinFor(source, Math.Min(_spinMicroseconds, microsecondsMax)) || SleepUntil(source, deadline);
    }

    /// <inheritdoc/>
    public void Signal()
    {
        // Dekker: the caller stored work and now loads the flag; the sleeper stores the flag and then loads work. A store
        // may pass a later load even on x64, so without a full fence on both sides each could miss the other, and the consumer
        // would sleep on a full ring. At nightly size What_is_published_while_the_consumer_falls_asleep_wakes_it fails without it.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref *_state) == Asleep) WakeSleeper();
    }

    private static bool SpinFor(IWorkSource source, int microseconds)
    {
        var deadline = Deadline.In(microseconds);
        while (!deadline.IsOver)
        {
            Thread.SpinWait(PausesPerLook);
            if (source.HasWork) return true;
        }

        return false;
    }

    private bool SleepUntil(IWorkSource source, Deadline deadline)
    {
        while (true)
        {
            Interlocked.Exchange(ref *_state, Asleep); // The sleeper's full fence; see Signal.
            var hasWork = source.HasWork;
            var nanoseconds = deadline.NanosecondsLeft;
            if (hasWork || nanoseconds <= 0)
            {
                // Work that arrives between that look and this store is not lost: the next wait looks before it sleeps.
                Volatile.Write(ref *_state, Awake);
                return hasWork;
            }

            Futex.Wait(_state, Asleep, nanoseconds);
        }
    }

    // Of all signallers that saw the flag, one takes it down and pays for the call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WakeSleeper()
    {
        if (Interlocked.Exchange(ref *_state, Awake) == Asleep) Futex.WakeOne(_state);
        GC.KeepAlive(_lines);
    }
}
