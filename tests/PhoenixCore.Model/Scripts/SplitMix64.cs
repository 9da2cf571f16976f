namespace PhoenixCore.Model.Scripts;

/// <summary>A small generator of numbers: the same seed gives the same numbers on every runtime.</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 to bound − 1; the bias of the modulo does not matter here.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>From first to last, both included.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool Percent(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> things) => things[Below(things.Count)];

    /// <summary>The index of one of these weights, each as likely as it is heavy.</summary>
    public int Weighted(params ReadOnlySpan<int> weights)
    {
        var total = 0;
        foreach (var weight in weights) total += weight;

        var point = Below(total);
        var index = 0;
        while (point >= weights[index]) point -= weights[index++];
        return index;
    }
}
