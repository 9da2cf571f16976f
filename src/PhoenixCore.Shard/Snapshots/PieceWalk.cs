namespace PhoenixCore.Shard.Snapshots;

/// <summary>Goes through the pieces of a snapshot in the order of its file.</summary>
internal unsafe struct PieceWalk
{
    private readonly SnapshotHeader* _header;

    public PieceWalk(SnapshotHeader* header)
    {
        _header = header;
        Section = -1;
        Piece = -1;
    }

    /// <summary>Line of the section; −1 before the first piece.</summary>
    public int Section { get; private set; }

    public int Piece { get; private set; }

    public long OffsetInSection { get; private set; }

    /// <summary>In the file.</summary>
    public readonly long Offset => SnapshotHeader.Lines(_header)[Section].Offset + OffsetInSection;

    /// <summary>Without the zeros behind a section.</summary>
    public readonly int Bytes => (int)Math.Min(SectionLine.PieceBytes, SnapshotHeader.Lines(_header)[Section].Bytes - OffsetInSection);

    public bool MoveNext()
    {
        if (Section >= 0) OffsetInSection += SectionLine.PieceBytes;
        while (Section < 0 || (Section < _header->Sections && OffsetInSection >= SnapshotHeader.Lines(_header)[Section].Bytes))
        {
            Section++;
            OffsetInSection = 0;
        }

        if (Section >= _header->Sections) return false;
        Piece++;
        return true;
    }
}
