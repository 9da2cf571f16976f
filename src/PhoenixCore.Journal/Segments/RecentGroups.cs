using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Segments;

/// <summary>The last groups as they were written, in memory: groups go past the page cache, and whoever reads on at the end would fetch each of them from the device again.</summary>
/// <remarks>The committer keeps; any thread reads. A reader pins what it reads; what is pinned is written around. Nothing here is needed: what is not found is read from its segment.</remarks>
internal sealed unsafe class RecentGroups : IDisposable
{
    private const int EntriesMax = 256;

    /// <summary>A group longer than this part of the memory is not kept.</summary>
    private const int ShareMax = 4;

    private readonly long _bytes;
    private byte* _memory;
    private readonly RecentGroup[] _entries = [.. Enumerable.Range(0, EntriesMax).Select(_ => new RecentGroup())];
    private int _newest;
    private long _at;

    public RecentGroups(long bytes)
    {
        _bytes = bytes;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Page.Size); // touched as it is used
    }

    /// <summary>Keeps a durable group, if there is room for it between what is being read.</summary>
    /// <param name="group">Header and records.</param>
    public void Keep(ulong segment, long offset, byte* group, int bytes)
    {
        if (bytes > _bytes / ShareMax)
            return;
        var next = (_newest + 1) % EntriesMax;
        var entry = _entries[next];
        if (!entry.TryRetire() || !TryMakeRoom(bytes))
            return;
        NativeMemory.Copy(group, _memory + _at, (nuint)bytes);
        entry.Publish(segment, offset, _memory + _at, bytes);
        _at += bytes;
        Volatile.Write(ref _newest, next);
    }

    /// <summary>The group at a place, which stays there until it is let go.</summary>
    public RecentGroup? TryPin(ulong segment, long offset)
    {
        var newest = Volatile.Read(ref _newest);
        for (var back = 0; back < EntriesMax; back++)
        {
            var entry = _entries[(newest - back + EntriesMax) % EntriesMax];
            if (entry.Segment != segment || entry.Offset != offset)
                continue;
            return entry.TryPin(segment, offset) ? entry : null;
        }
        return null;
    }

    ~RecentGroups() => NativeMemory.AlignedFree(_memory);

    /// <summary>After the last group. Readers may still hold one: then the memory goes with the last of them.</summary>
    public void Dispose()
    {
        var isFree = true;
        foreach (var entry in _entries)
            isFree &= entry.TryRetire();
        if (!isFree)
            return;
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>From <see cref="_at"/> on, or behind what is pinned there, once around.</summary>
    private bool TryMakeRoom(int bytes)
    {
        var at = _at;
        for (var turns = 0; turns < 2;)
        {
            if (at + bytes > _bytes)
            {
                at = 0;
                turns++;
                continue;
            }
            if (RetireOverlapping(at, at + bytes) is { } pinned)
            {
                at = pinned;
                continue;
            }
            _at = at;
            return true;
        }
        return false;
    }

    /// <returns>The end of one that is pinned; null = the room is free.</returns>
    private long? RetireOverlapping(long from, long to)
    {
        foreach (var entry in _entries)
        {
            var start = entry.Memory - _memory;
            if (entry.Bytes != 0 && start < to && start + entry.Bytes > from && !entry.TryRetire())
                return start + entry.Bytes;
        }
        return null;
    }
}
