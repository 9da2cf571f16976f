using System.Runtime.CompilerServices;

namespace PhoenixCore.Sequencer;

/// <summary>A bounded first-in-first-out ring between one producer thread and one consumer thread.</summary>
/// <remarks>
/// It knows no waiting: what its consumer waits for is rarely "not empty" alone (an answer waits for its sequence to
/// become durable too). The consumer waits through its <see cref="IWaitStrategy"/>, and whoever brings the
/// news signals that, once per run rather than once per item. With nothing else to wait for, the ring itself is the source.
/// </remarks>
public sealed unsafe class HandoverRing<T> : IWorkSource, IDisposable where T : unmanaged
{
    private readonly long _mask;
    private T* _slots;
    private HandoverCursors _cursors;

    /// <param name="capacity">Slots; a power of two from 1 to 2^30.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is no power of two.</exception>
    public HandoverRing(int capacity)
    {
        _slots = NativeSlots.Allocate<T>(capacity);
        Capacity = capacity;
        _mask = capacity - 1;
    }

    /// <summary>Slots in the ring.</summary>
    public int Capacity { get; }

    /// <summary>True when something is there to read. Consumer thread only.</summary>
    public bool HasWork => Available(1) > 0;

    /// <summary>Adds one item, or refuses because the ring is full. Producer thread only; wakes nobody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnqueue(in T item)
    {
        var position = _cursors.Enqueued;
        if (!HasRoom(position + 1)) return false;

        _slots[position & _mask] = item;
        Volatile.Write(ref _cursors.Enqueued, position + 1); // Release: the item before the cursor that vouches for it.
        return true;
    }

    /// <summary>Adds all items or none. Producer thread only; wakes nobody.</summary>
    /// <returns>False when they do not all fit now; more than <see cref="Capacity"/> never do.</returns>
    public bool TryEnqueue(ReadOnlySpan<T> items)
    {
        var position = _cursors.Enqueued;
        if (!HasRoom(position + items.Length)) return false;

        var index = (int)(position & _mask);
        var beforeWrap = Math.Min(items.Length, Capacity - index);
        items[..beforeWrap].CopyTo(new Span<T>(_slots + index, beforeWrap));
        items[beforeWrap..].CopyTo(new Span<T>(_slots, Capacity));
        Volatile.Write(ref _cursors.Enqueued, position + items.Length);
        return true;
    }

    /// <summary>How many items can be read. Consumer thread only.</summary>
    /// <param name="max">Where to stop counting; 0 or less asks for none.</param>
    public int Available(int max)
    {
        var released = _cursors.Released;
        if (_cursors.EnqueuedSeen - released < max)
            _cursors.EnqueuedSeen = Volatile.Read(ref _cursors.Enqueued); // Acquire: the items after the cursor that vouches for them.

        return (int)Math.Max(0, Math.Min(max, _cursors.EnqueuedSeen - released));
    }

    /// <summary>An item in place; it stays until released. Consumer thread only.</summary>
    /// <param name="index">0 is the oldest; less than what <see cref="Available"/> last reported. Unchecked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Peek(int index) => unchecked(_slots + (nint)((_cursors.Released + index) & _mask));

    /// <summary>Gives the oldest items' slots back. Consumer thread only.</summary>
    /// <param name="count">0 to what <see cref="Available"/> reported and is not yet released.</param>
    public void Release(int count)
    {
        var released = _cursors.Released + count;
        if (count < 0 || released > _cursors.EnqueuedSeen) ThrowNotSeen(count);

        Volatile.Write(ref _cursors.Released, released); // Release: our last reads before the producer's next writes.
    }

    /// <summary>Frees the slots. Both threads must have stopped.</summary>
    public void Dispose()
    {
        NativeSlots.Free(_slots);
        _slots = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasRoom(long end)
    {
        if (end - _cursors.ReleasedSeen <= Capacity) return true;

        _cursors.ReleasedSeen = Volatile.Read(ref _cursors.Released); // Acquire: our writes after the consumer's last reads.
        return end - _cursors.ReleasedSeen <= Capacity;
    }

    private static void ThrowNotSeen(int count) =>
        throw new ArgumentOutOfRangeException(nameof(count), count, "Only items that Available reported can be released.");
}
