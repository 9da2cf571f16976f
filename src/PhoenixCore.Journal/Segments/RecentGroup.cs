namespace PhoenixCore.Journal.Segments;

/// <summary>One group that is kept in memory; <see cref="RecentGroups"/> writes it, readers pin it.</summary>
internal sealed unsafe class RecentGroup
{
    private const int Retired = -1;
    private int _pins = Retired;
    private ulong _segment;
    private long _offset;

    public ulong Segment => Volatile.Read(ref _segment);

    public long Offset => Volatile.Read(ref _offset);

    /// <summary>The group's header, and its records behind it; valid while it is pinned.</summary>
    public byte* Memory { get; private set; }

    public int Bytes { get; private set; }

    /// <returns>False when it is, or has become, another one.</returns>
    public bool TryPin(ulong segment, long offset)
    {
        while (true)
        {
            var pins = Volatile.Read(ref _pins);
            if (pins == Retired)
                return false;
            if (Interlocked.CompareExchange(ref _pins, pins + 1, pins) != pins)
                continue;
            if (Segment == segment && Offset == offset)
                return true;
            Unpin();
            return false;
        }
    }

    public void Unpin() => Interlocked.Decrement(ref _pins);

    /// <summary>Nobody reads it, and from now on nobody can. The committer's thread.</summary>
    public bool TryRetire()
    {
        if (Interlocked.CompareExchange(ref _pins, Retired, 0) is not (0 or Retired))
            return false;
        Bytes = 0;
        return true;
    }

    /// <summary>Of one that is retired. The committer's thread.</summary>
    public void Publish(ulong segment, long offset, byte* memory, int bytes)
    {
        Memory = memory;
        Bytes = bytes;
        Volatile.Write(ref _segment, segment);
        Volatile.Write(ref _offset, offset);
        Volatile.Write(ref _pins, 0);
    }
}
