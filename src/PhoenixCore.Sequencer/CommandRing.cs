using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Sequencer;

/// <summary>A bounded ring of commands: many producers, one consumer, no locks and no allocation between them.</summary>
/// <typeparam name="T">One slot. A size that is a multiple of 64 bytes keeps neighbours off each other's cache lines.</typeparam>
/// <remarks>
/// A producer claims positions, fills their slots in place and publishes them; the consumer reads published slots in
/// the order of positions and gives them back. Positions count from 0 and never repeat. A full ring refuses: it never grows.
/// <para>
/// <b>Every claimed position must be published.</b> The consumer stops at the first that is not, so a producer that gives
/// up publishes a command that does nothing. And who holds an unpublished claim must not wait for another.
/// </para>
/// <para>
/// Availability is one lap number per slot (the multi-producer scheme of the LMAX Disruptor): position p is published
/// when slot p mod capacity bears lap p / capacity. Producers need not publish in the order of their claims, and need not clear anything.
/// </para>
/// </remarks>
public sealed unsafe class CommandRing<T> : IClaimSource, IWorkSource, IDisposable where T : unmanaged
{
    private const int LapOfNothing = -1;
    private const int TriesBeforeQueue = 20;

    private readonly long _mask;
    private readonly int _lapShift;
    private readonly IWaitStrategy _wait;
    private readonly ClaimQueue _claims;
    private T* _slots;
    private int* _laps;
    private RingCursors _cursors;

    /// <param name="capacity">Slots; a power of two from 1 to 2^30.</param>
    /// <param name="wait">How the consumer waits; may be shared by the rings that one thread consumes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is no power of two.</exception>
    public CommandRing(int capacity, IWaitStrategy wait)
    {
        ArgumentNullException.ThrowIfNull(wait);
        _slots = NativeSlots.Allocate<T>(capacity);
        _laps = NativeSlots.Allocate<int>(capacity);
        new Span<int>(_laps, capacity).Fill(LapOfNothing);
        Capacity = capacity;
        _mask = capacity - 1;
        _lapShift = BitOperations.Log2((uint)capacity);
        _wait = wait;
        _claims = new ClaimQueue(this);
        _cursors.WakeAt = 1;
    }

    /// <summary>Slots in the ring.</summary>
    public int Capacity { get; }

    /// <summary>The position that the consumer reads next; any thread, exact on the consumer's.</summary>
    public long Next => Volatile.Read(ref _cursors.Released);

    /// <summary>Slots claimed and not given back; any thread, a moment old.</summary>
    public int Used => (int)Math.Clamp(Volatile.Read(ref _cursors.Claimed) - Volatile.Read(ref _cursors.Released), 0, Capacity);

    /// <summary>True when the next position is published or <see cref="Wake"/> was called since the last wait.</summary>
    public bool HasWork => IsPublished(Next) || Volatile.Read(ref _cursors.Poked) != 0;

    /// <summary>Claims consecutive positions, or refuses at once; any thread. Their slots may wrap physically.</summary>
    /// <param name="count">1 to <see cref="Capacity"/>.</param>
    /// <param name="first">The first position claimed.</param>
    /// <returns>False when there is no room, or when earlier claims already wait for some: the caller waits or refuses its own caller.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryClaim(int count, out long first)
    {
        if (count < 1 || count > Capacity) ThrowCountOutOfRange(count);
        if (!_claims.IsOccupied) return TryTake(count, out first);

        _claims.ThrowIfClosed();
        first = 0;
        return false;
    }

    /// <summary>Claims as soon as there is room, in order of arrival; no thread is blocked meanwhile.</summary>
    /// <param name="count">1 to <see cref="Capacity"/>.</param>
    /// <param name="ct">Ends the wait; a claim already granted wins and must be published.</param>
    /// <exception cref="OperationCanceledException">Nothing was claimed.</exception>
    /// <exception cref="ObjectDisposedException">The ring was closed; nothing was claimed.</exception>
    public ValueTask<long> ClaimAsync(int count, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return ValueTask.FromCanceled<long>(ct);
        return TryClaim(count, out var first) ? new(first) : _claims.WaitAsync(count, ct);
    }

    /// <summary>As <see cref="ClaimAsync"/>, for a thread of its own: it yields a few times and then blocks.</summary>
    /// <inheritdoc cref="ClaimAsync" path="/param|/exception"/>
    public long ClaimBlocking(int count, CancellationToken ct)
    {
        for (var attempt = 0; attempt < TriesBeforeQueue; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            if (TryClaim(count, out var first)) return first;
            Thread.Yield();
        }

        return _claims.WaitBlocking(count, ct);
    }

    /// <summary>The slot of a position: the producer's between claim and publish, the consumer's from publish to release.</summary>
    /// <remarks>Unchecked, as the hot path needs it. The slot still holds what an earlier lap left there.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Slot(long position) => unchecked(_slots + (nint)(position & _mask));

    /// <summary>Hands claimed positions to the consumer and wakes it if it sleeps; any thread.</summary>
    /// <param name="first">As claimed, or the start of a part of a claim: parts may be published in any order.</param>
    /// <param name="count">Positions, all claimed by the caller and not yet published.</param>
    public void Publish(long first, int count)
    {
        var end = first + count;
        for (var position = first; position < end; position++)
        {
            // Release: what the producer wrote into the slot is visible before the lap that vouches for it.
            Volatile.Write(ref *Lap(position), LapOf(position));
        }

        if (IsWakingWanted(end)) _wait.Signal();
    }

    /// <summary>From how many commands on producers wake the consumer; 1 at first. Consumer thread only, between its waits.</summary>
    /// <remarks>
    /// A consumer that could do nothing with a few commands yet, and knows who will signal it when it can, spares itself and them being woken for each. It then asks
    /// once more for what it waits for: its wait's <see cref="IWorkSource.HasWork"/> is read after this call's fence.
    /// </remarks>
    /// <param name="commands">1 to <see cref="Capacity"/>.</param>
    public void WakeFrom(int commands)
    {
        if (_cursors.WakeAt != commands) Interlocked.Exchange(ref _cursors.WakeAt, commands);
    }

    /// <summary>How many positions from <see cref="Next"/> on are published without a gap. Consumer thread only.</summary>
    /// <param name="max">Where to stop counting; 0 or less asks for none.</param>
    public int Available(int max)
    {
        var count = Published(max);
        var position = _cursors.Released + count;
        if (position > _cursors.Seen) _cursors.Seen = position;
        return count;
    }

    /// <summary>As <see cref="Available"/>, without a claim to release them; any thread, and only exact while the consumer does not move.</summary>
    /// <inheritdoc cref="Available" path="/param"/>
    public int Published(int max)
    {
        var next = Next;
        var position = next;
        var end = next + Math.Min(max, Capacity);
        while (position < end && IsPublished(position)) position++;
        return (int)(position - next);
    }

    /// <summary>Gives slots back to the producers and lets waiting claims have them. Consumer thread only.</summary>
    /// <param name="count">0 to what <see cref="Available"/> reported and is not yet released.</param>
    public void Release(int count)
    {
        var released = _cursors.Released + count;
        if (count < 0 || released > _cursors.Seen) ThrowNotSeen(count);

        // Release: the consumer's last read of a slot comes before any producer may overwrite it.
        Volatile.Write(ref _cursors.Released, released);
        _claims.RoomMade();
    }

    /// <summary>Waits for a published position, a <see cref="Wake"/>, or the end of the time. Consumer thread only.</summary>
    /// <param name="microsecondsMax">0 or more.</param>
    /// <returns>True if a position is published; false after a mere wake, or when the time is up.</returns>
    public bool WaitForWork(int microsecondsMax)
    {
        // A full fence, not a plain store: what the waker changed before it poked must be read after the poke is taken
        // down. Otherwise a second poke could fall between that read and the store, and be wiped out unseen.
        if (_wait.Wait(this, microsecondsMax) && _cursors.Poked != 0) Interlocked.Exchange(ref _cursors.Poked, 0);
        return IsPublished(_cursors.Released);
    }

    /// <summary>Ends the current wait of the consumer, or its next one; any thread. For news that is not in the ring.</summary>
    public void Wake()
    {
        Volatile.Write(ref _cursors.Poked, 1);
        _wait.Signal();
    }

    /// <summary>Ends all waiting claims with an error, then frees the slots. Producers and consumer must have stopped.</summary>
    /// <remarks>There is no finalizer: freeing slots that a stray pointer still names would be worse than keeping them.</remarks>
    public void Dispose()
    {
        _claims.Close();
        NativeSlots.Free(_slots);
        NativeSlots.Free(_laps);
        _slots = null;
        _laps = null;
    }

    bool IClaimSource.TryTake(int count, out long first) => TryTake(count, out first);

    private bool TryTake(int count, out long first)
    {
        while (true)
        {
            // Claimed is read before Released: should it go stale, the difference only errs towards room, and the swap fails.
            // Both reads acquire, so the producer's writes come after the consumer's last reads of those slots.
            first = Volatile.Read(ref _cursors.Claimed);
            var end = first + count;
            if (end - Volatile.Read(ref _cursors.Released) > Capacity) return false;
            if (Interlocked.CompareExchange(ref _cursors.Claimed, end, first) == first) return true;
        }
    }

    // Acquire: the slot's content is read after the lap that vouches for it.
    private bool IsPublished(long position) => Volatile.Read(ref *Lap(position)) == LapOf(position);

    private bool IsWakingWanted(long end)
    {
        // As in the wait's handshake: laps are stored before the wish is read, the wish is stored before laps are read. So either this producer
        // sees that it should wake, or the consumer sees these commands before it sleeps.
        Interlocked.MemoryBarrier();
        var from = Volatile.Read(ref _cursors.WakeAt);
        return from == 1 || end - Volatile.Read(ref _cursors.Released) >= from;
    }

    private int* Lap(long position) => unchecked(_laps + (nint)(position & _mask));

    // Wraps after 2^32 laps, when no slot can still bear the number of so old a lap.
    private int LapOf(long position) => unchecked((int)(position >> _lapShift));

    private static void ThrowCountOutOfRange(int count) =>
        throw new ArgumentOutOfRangeException(nameof(count), count, "A claim is of 1 to Capacity positions.");

    private static void ThrowNotSeen(int count) =>
        throw new ArgumentOutOfRangeException(nameof(count), count, "Only positions that Available reported can be released.");
}
