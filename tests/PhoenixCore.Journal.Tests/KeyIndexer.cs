using System.Numerics;

namespace PhoenixCore.Journal.Tests;

/// <summary>Gives the records of <see cref="TestJournal"/> keys that follow from their sequence; every fifth record has none.</summary>
internal sealed unsafe class KeyIndexer : IRecordIndexer
{
    /// <summary>Another salt, other keys for the same sequences.</summary>
    public ulong Salt { get; init; }

    /// <summary>All keys have the same 64 bits under which the index files them.</summary>
    public bool Collide { get; init; }

    public static bool IsKeyed(ulong sequence) => sequence % 5 != 0;

    public UInt128 KeyOf(ulong sequence)
    {
        unchecked
        {
            var low = (sequence + Salt) * 0xC2B2AE3D27D4EB4F;
            // The high half undoes what the low half does to the filed bits.
            return Collide
                ? new UInt128(BitOperations.RotateLeft(low * 0x9E3779B97F4A7C15, 29), low)
                : new UInt128(sequence * 0x9E3779B97F4A7C15, low);
        }
    }

    public void Index(in RecordHeader header, byte* payload, int payloadBytes, IIndexSink sink)
    {
        // Positions and times are enough here.
    }

    public bool TryReadKey(in RecordHeader header, byte* payload, out UInt128 key)
    {
        key = KeyOf(header.Sequence);
        return IsKeyed(header.Sequence);
    }
}
