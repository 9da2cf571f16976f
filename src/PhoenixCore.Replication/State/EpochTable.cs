namespace PhoenixCore.Replication.State;

/// <summary>Which epoch begins where: lets two copies find the last record that they share in one exchange. Not for several threads.</summary>
public sealed class EpochTable
{
    /// <summary>Epochs that are remembered, the newest; a copy that shares none of them begins anew.</summary>
    public const int KeptMax = 512;

    private readonly List<EpochStart> _starts;

    /// <param name="starts">In their order.</param>
    public EpochTable(IEnumerable<EpochStart> starts) => _starts = [.. starts];

    /// <summary>In their order.</summary>
    public IReadOnlyList<EpochStart> Starts => _starts;

    /// <summary>The newest epoch; 0 = there is none.</summary>
    public ulong Last => _starts.Count == 0 ? 0 : _starts[^1].Epoch;

    /// <summary>Takes a record's epoch in.</summary>
    /// <returns>True when a new epoch has begun with it.</returns>
    public bool Note(ulong epoch, ulong sequence)
    {
        if (epoch <= Last) return false;
        _starts.Add(new EpochStart(epoch, sequence));
        if (_starts.Count > KeptMax) _starts.RemoveAt(0);
        return true;
    }

    /// <summary>Forgets epochs that begin behind a sequence.</summary>
    /// <returns>True when there were any.</returns>
    public bool CutBehind(ulong sequence) => _starts.RemoveAll(start => start.First > sequence) > 0;

    /// <summary>The last sequence of an epoch here; null when this copy has no record of it.</summary>
    /// <param name="last">The last sequence here.</param>
    public ulong? EndOf(ulong epoch, ulong last)
    {
        for (var i = 0; i < _starts.Count; i++)
        {
            if (_starts[i].Epoch == epoch && _starts[i].First <= last) return i + 1 < _starts.Count ? Math.Min(last, _starts[i + 1].First - 1) : last;
        }

        return null;
    }

    /// <summary>The last sequence that two copies share, by their tables; each of them has a group that ends there.</summary>
    /// <returns>0 when they share no epoch that both remember.</returns>
    public static ulong Agreement(EpochTable one, ulong lastOfOne, EpochTable other, ulong lastOfOther)
    {
        for (var i = one.Starts.Count - 1; i >= 0; i--)
        {
            var epoch = one.Starts[i].Epoch;
            if (one.EndOf(epoch, lastOfOne) is { } here && other.EndOf(epoch, lastOfOther) is { } there) return Math.Min(here, there);
        }

        return 0;
    }
}
