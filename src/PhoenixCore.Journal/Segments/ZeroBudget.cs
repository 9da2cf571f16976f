namespace PhoenixCore.Journal.Segments;

/// <summary>Decides whether the disk can bear that every byte is written twice, first as a zero. One thread.</summary>
/// <remarks>
/// A sync into written blocks carries data alone, into reserved ones also the file system's note that they are written now. The first is
/// quicker as long as zero-writing keeps up. Where the commits themselves need more than half of the disk, it takes from them what it was
/// meant to save (ADR 0005). Both kinds of block read as zeros until a group is in them, so nobody else sees a difference.
/// </remarks>
internal sealed class ZeroBudget
{
    /// <summary>Behind: less than this part of the wanted room is ready.</summary>
    private const int ShortParts = 4;

    /// <summary>The part of the rate at which it fell behind where zero-writing, which runs at one and a half times the rate, needs no more than it had then.</summary>
    private const double AffordableShare = 0.75;

    /// <summary>After this long at a rate that was too much once, it is tried again: the disk may have become faster, or its other users fewer.</summary>
    public const int RetryMilliseconds = 60_000;

    /// <summary>No disk is that slow: less room than this is not what decides.</summary>
    public const double LeastBytesPerSecond = 16 << 20;

    private double _tooFast;
    private long _since;

    /// <summary>False: segments are to be made of reserved blocks until further notice.</summary>
    public bool IsAffordable { get; private set; } = true;

    /// <summary>Looks again.</summary>
    /// <param name="bytesPerSecond">Rate of the commits.</param>
    /// <param name="readyBytes">Room in segments that are ready.</param>
    /// <param name="wantedBytes">Room that should be.</param>
    /// <param name="milliseconds">A clock that only goes forward.</param>
    public void Observe(double bytesPerSecond, long readyBytes, long wantedBytes, long milliseconds)
    {
        if (IsAffordable)
        {
            if (bytesPerSecond < LeastBytesPerSecond || readyBytes >= wantedBytes / ShortParts)
                return;
            IsAffordable = false;
            (_tooFast, _since) = (bytesPerSecond, milliseconds);
            return;
        }

        if (bytesPerSecond < _tooFast * AffordableShare || milliseconds - _since >= RetryMilliseconds)
            IsAffordable = true;
    }
}
