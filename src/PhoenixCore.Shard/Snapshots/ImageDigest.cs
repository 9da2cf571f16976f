using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Audit;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>The digest of an image, piece by piece: the same that a snapshot of it would carry. One thread.</summary>
internal sealed unsafe class ImageDigest(StateImage image) : IDisposable
{
    private readonly byte* _piece = (byte*)NativeMemory.AlignedAlloc(SectionLine.PieceBytes, SnapshotHeader.Page);
    private StateDigest _digest = new();
    private int _section;
    private long _offset = -1;

    /// <summary>Whole once <see cref="MoveNext"/> has said so.</summary>
    public UInt128 Value => _digest.Value;

    /// <summary>Those tables that the digest is of.</summary>
    public static StateSection[] Covered(StateSection[] sections) => Array.FindAll(sections, section => StateDigest.Covers(section.Table));

    /// <summary>Takes the next piece in.</summary>
    /// <returns>False when there was none.</returns>
    public bool MoveNext()
    {
        while (_section < image.Sections.Length)
        {
            ref readonly var section = ref image.Sections[_section];
            if (_offset < 0)
            {
                _digest.Begin(section);
                _offset = 0;
            }

            if (_offset < section.Bytes)
            {
                var bytes = (int)Math.Min(SectionLine.PieceBytes, section.Bytes - _offset);
                image.Read(section, _offset, _piece, bytes);
                _digest.Add(section, _piece, bytes);
                _offset += bytes;
                return true;
            }

            (_section, _offset) = (_section + 1, -1);
        }

        return false;
    }

    public void Dispose() => NativeMemory.AlignedFree(_piece);
}
