using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Simulation.Oracle;

/// <summary>What must survive: the records of every group that was written and then synced with success, read from the bytes that went to the disk.</summary>
/// <remarks>Knows the group's first 160 bytes by offset and shares no code with the journal.</remarks>
internal sealed class FactHistory(Action<string> fail, Func<long> now)
{
    private const ulong GroupMagic = 0x50554F5247584850;
    private const int GroupHeaderBytes = 160;

    /// <summary>A record is stamped before it is synced; pauses and stalls lie between.</summary>
    private const long StampLead = 20_000_000_000;

    private readonly List<SurvivingFact> _facts = [];
    private readonly List<PendingGroup> _pending = [];
    private long _takenAt;
    private bool _isUnsure;
    private ulong _resolvedAt;

    /// <summary>Sequence of the last record that must survive.</summary>
    public ulong Durable => (ulong)_facts.Count;

    /// <summary>First sequence of the last group with records that must survive: what a lie may cost where nothing attests it.</summary>
    public ulong LastGroupFirst { get; private set; } = 1;

    /// <summary>By sequence, from 1.</summary>
    public SurvivingFact At(ulong sequence) => _facts[(int)sequence - 1];

    /// <summary>A start goes on from a place before the end of what must survive.</summary>
    public bool IsLost { get; private set; }

    /// <summary>An operator has told this process to believe its wall clock.</summary>
    public bool IsClockAccepted { get; set; }

    /// <summary>Told where the journal ended for a start, before anything new is written.</summary>
    public Action<ulong>? Resolved { get; set; }

    /// <summary>The process has ended: the next group that is written tells where recovery found the end.</summary>
    public void ProcessEnded() => (_isUnsure, IsClockAccepted) = (true, false);

    /// <summary>The cache has new bytes.</summary>
    public void Written(string file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (IsLost || !file.EndsWith(".segment", StringComparison.Ordinal) || bytes.Length < GroupHeaderBytes || MemoryMarshal.Read<ulong>(bytes) != GroupMagic) return;
        var count = MemoryMarshal.Read<uint>(bytes[100..]);
        if (count == 0) return;
        var length = (int)MemoryMarshal.Read<uint>(bytes[96..]);
        var group = new PendingGroup(file, MemoryMarshal.Read<ulong>(bytes[64..]), count, bytes.Slice(GroupHeaderBytes, length).ToArray(), IsClockAccepted);
        if (_isUnsure) Resolve(group.First - 1);
        _pending.Add(group);
    }

    /// <summary>A sync of the file has succeeded.</summary>
    public void Synced(string file)
    {
        if (IsLost || _isUnsure) return; // what recovery itself syncs is the disk's affair
        foreach (var group in _pending.Where(group => group.File == file).ToList())
        {
            Take(group);
            _pending.Remove(group);
        }
    }

    /// <summary>A start has recovered up to here: all that must survive, and of the rest one whole group or nothing.</summary>
    /// <returns>False when something that must survive is missing.</returns>
    public bool Recovered(ulong sequence)
    {
        if (_isUnsure) Resolve(sequence);
        if (!IsLost && sequence != _resolvedAt) fail($"recovery says that it ends at {sequence}, and goes on behind {_resolvedAt}");
        return !IsLost;
    }

    private void Resolve(ulong sequence)
    {
        _isUnsure = false;
        _resolvedAt = sequence;
        IsLost = sequence < Durable;
        var unsure = _pending.Find(group => group.First == Durable + 1 && group.Last == sequence);
        _pending.Clear();
        if (sequence > Durable && unsure is null) fail($"recovery ends at {sequence}, and nothing behind {Durable} was ever written as one group up to there");
        else if (unsure is not null) Take(unsure);
        Resolved?.Invoke(sequence);
    }

    private void Take(PendingGroup group)
    {
        if (group.First != Durable + 1) fail($"a group begins at sequence {group.First}, and the last durable one is {Durable}");
        LastGroupFirst = group.First;
        var rest = group.Records.AsSpan();
        for (var i = 0u; i < group.Count; i++)
        {
            var header = MemoryMarshal.Read<RecordHeader>(rest);
            Check(header, group.IsClockAccepted);
            _takenAt = now();
            _facts.Add(new(header, new RecordedFact(rest[RecordHeader.Size..(int)header.Length].ToArray(), new FactContext(header.Sequence, header.StampedAt, header.Tenant))));
            rest = rest[(int)header.Length..];
        }
    }

    private void Check(in RecordHeader header, bool isClockAccepted)
    {
        if (header.Sequence != Durable + 1) fail($"record {header.Sequence} comes after {Durable}");
        if (_facts.Count == 0) return;
        var before = _facts[^1].Header;
        if (header.StampedAt < before.StampedAt) fail($"record {header.Sequence} is stamped before the one before it");
        if (header.Epoch == before.Epoch && !isClockAccepted && header.StampedAt - before.StampedAt > now() - _takenAt + StampLead) fail($"record {header.Sequence} is stamped {(header.StampedAt - before.StampedAt) / 1e9:F0} s after the one before it, and {(now() - _takenAt) / 1e9:F0} s have passed");
        if (header.Epoch < before.Epoch) fail($"record {header.Sequence} is of epoch {header.Epoch}, the one before of {before.Epoch}");
        var starts = header.PlainKind == (ushort)PartKind.EpochStarted;
        if (starts != (header.Epoch != before.Epoch)) fail($"record {header.Sequence} of kind {(PartKind)header.PlainKind} is of epoch {header.Epoch}, the one before of {before.Epoch}");
    }

    /// <param name="IsClockAccepted">As it was when the group was written: its process may have ended since.</param>
    private sealed record PendingGroup(string File, ulong First, uint Count, byte[] Records, bool IsClockAccepted)
    {
        public ulong Last => First + Count - 1;
    }
}
