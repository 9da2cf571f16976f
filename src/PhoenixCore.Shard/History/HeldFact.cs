using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History;

/// <summary>A fact read from the journal, in memory that does not move, so that its parts can be walked in place. One thread; read the next one into it.</summary>
public sealed unsafe class HeldFact : IBufferWriter<byte>
{
    private const int BytesFirst = 1_024;
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(BytesFirst, pinned: true);
    private int _count;

    /// <summary>Of the fact that was read last; default when there is none.</summary>
    public FactContext Context { get; private set; }

    public FactParts Parts => new(Payload);

    /// <summary>The tenant's own number of the fact's first event.</summary>
    public ulong EventFirst => ((FactHeader*)Payload)->EventFirst;

    /// <summary>How many events the fact makes.</summary>
    public uint EventCount => ((FactHeader*)Payload)->Events;

    /// <summary>Where it lies; good until the next one is read.</summary>
    public byte* Payload => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>False when the sequence is not durable, or older than what is here.</summary>
    /// <exception cref="RecordDamagedException">The record no longer has its checksum.</exception>
    public bool TryRead(JournalReader reader, ulong sequence)
    {
        _count = 0;
        Context = default;
        if (!reader.TryRead(sequence, this, out var header)) return false;
        Context = new FactContext(header.Sequence, header.StampedAt, header.Tenant);
        return true;
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    /// <summary>The payload, for whoever keeps it.</summary>
    public byte[] Copy() => Bytes.ToArray();

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(_count);

    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(_count);

    private byte[] Room(int wanted)
    {
        if (_bytes.Length - _count >= Math.Max(wanted, 1)) return _bytes;
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, _count + wanted), pinned: true);
        _bytes.AsSpan(0, _count).CopyTo(larger);
        return _bytes = larger;
    }
}
