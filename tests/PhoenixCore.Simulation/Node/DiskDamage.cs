using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Node;

/// <summary>What is wrong with a disk's bytes: rot while it was off, sectors that cannot be read, writes that a sync lied about. Remembers how it was, for the repair.</summary>
internal sealed class DiskDamage(SimWorld world, SimNode node)
{
    private const int Sector = 512;
    private const int FirstPage = 4096;
    private readonly SplitMix64 _random = world.Stream(4);
    private readonly List<Hurt> _hurts = [];
    private bool _unreadable;

    /// <summary>Kinds that may strike at the next power cut.</summary>
    public IReadOnlySet<FaultKind> Kinds { get; set; } = new HashSet<FaultKind>();

    public string Description { get; private set; } = "";

    public bool Exists => _hurts.Count != 0 || _unreadable;

    public long Repairs { get; private set; }

    /// <summary>Before the process ends: what a lie has left in the cache alone will be missing. Epochs and witnesses are not brought back: a start may have written others.</summary>
    public void NoteLies()
    {
        if (!node.Disk.HasLied) return;
        foreach (var (name, offset, bytes) in node.Storage.OnlyInCache())
        {
            if (name is not ("epoch" or "control")) _hurts.Add(new(name, offset, bytes, null));
        }

        Description = "a sync lied";
    }

    /// <summary>While the power is off.</summary>
    public void Strike()
    {
        if (!node.Disk.IsActive) return;
        if (Kinds.Contains(FaultKind.Rot) && _random.Percent(25)) Rot();
        if (Kinds.Contains(FaultKind.Unreadable) && _random.Percent(25)) Hide();
    }

    /// <summary>The operator brings the bytes from elsewhere.</summary>
    public void Repair()
    {
        Repairs++;
        foreach (var hurt in _hurts) Heal(hurt);
        Forget();
    }

    /// <summary>A start went well in spite of it: what it did not need and did not write anew is as it was, so that the next one is judged without it.</summary>
    public void Outlive()
    {
        foreach (var hurt in _hurts.Where(hurt => hurt.Changed is not null)) Heal(hurt);
        Forget();
    }

    private void Heal(Hurt hurt)
    {
        if (!node.Storage.Has(hurt.Name) || node.Storage.Peek(hurt.Name).Length < hurt.Offset + hurt.Bytes.Length) return;
        var now = node.Storage.Peek(hurt.Name).Slice((int)hurt.Offset, hurt.Bytes.Length);
        if (hurt.Changed is null || now.SequenceEqual(hurt.Changed)) node.Storage.Damage(hurt.Name, hurt.Offset, hurt.Bytes);
    }

    private void Forget()
    {
        _hurts.Clear();
        _unreadable = false;
        node.Storage.MakeReadable();
    }

    private void Rot()
    {
        if (Choose() is not { } place) return;
        node.Faults.Count(FaultKind.Rot, NodeState.Down);
        var (name, offset) = place;
        var old = node.Storage.Peek(name).Slice((int)offset, Sector).ToArray();
        var changed = (byte[])old.Clone();
        switch (_random.Below(4))
        {
            case 0:
                Array.Clear(changed);
                break;
            case 1 when Choose() is { } other:
                node.Storage.Peek(other.Name).Slice((int)other.Offset, Sector).CopyTo(changed); // a write that went to the wrong place
                break;
            default:
                changed[_random.Below(Sector)] ^= (byte)(1 << _random.Below(8));
                break;
        }

        if (changed.AsSpan().SequenceEqual(old)) return;
        node.Storage.Damage(name, offset, changed);
        _hurts.Add(new(name, offset, old, changed));
        Description = $"{name} has rotted in the sector at {offset}";
        world.Trace(Description);
    }

    private void Hide()
    {
        if (Choose() is not { } place) return;
        node.Faults.Count(FaultKind.Unreadable, NodeState.Down);
        node.Storage.MakeUnreadable(place.Name, place.Offset);
        _unreadable = true;
        Description = $"{place.Name} cannot be read in the sector at {place.Offset}";
        world.Trace(Description);
    }

    /// <summary>A sector that holds something: mostly of a segment, often of the newest group, now and then of the newest snapshot or of whatever else there is.</summary>
    private (string Name, long Offset)? Choose()
    {
        var names = node.Storage.Names.Where(name => name != "lock").ToList();
        if (names.Count == 0) return null;
        return _random.Weighted(25, 25, 25, 25) switch
        {
            0 when InUse(names).LastOrDefault() is { } last => (last, Math.Max(0, (LastByte(last) / Sector) - _random.Below(8)) * Sector),
            1 when InUse(names) is { Count: > 0 } segments => Choose(_random.Pick(segments)),
            2 when names.LastOrDefault(name => name.EndsWith(".snapshot", StringComparison.Ordinal)) is { } newest => Choose(newest),
            _ => Choose(_random.Pick(names)),
        };
    }

    private List<string> InUse(List<string> names) => [.. names.Where(name => name.EndsWith(".segment", StringComparison.Ordinal) && LastByte(name) > FirstPage)];

    private int LastByte(string name) => node.Storage.Peek(name).LastIndexOfAnyExcept((byte)0);

    private (string Name, long Offset)? Choose(string chosen)
    {
        var sectors = node.Storage.Peek(chosen).Length / Sector;
        for (var tries = 0; tries < 20 && sectors > 0; tries++)
        {
            var offset = (long)_random.Below(tries < 10 ? sectors : Math.Min(sectors, 64)) * Sector;
            if (node.Storage.Peek(chosen).Slice((int)offset, Sector).ContainsAnyExcept((byte)0)) return (chosen, offset);
        }

        return null;
    }

    /// <param name="Bytes">As they should be.</param>
    /// <param name="Changed">As they are; null = as the disk had them before a write that a sync lied about.</param>
    private sealed record Hurt(string Name, long Offset, byte[] Bytes, byte[]? Changed);
}
