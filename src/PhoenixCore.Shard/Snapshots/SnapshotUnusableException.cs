namespace PhoenixCore.Shard.Snapshots;

/// <summary>A snapshot cannot be used; the journal, or an older one, can.</summary>
public sealed class SnapshotUnusableException : IOException
{
    public SnapshotUnusableException(string name, SnapshotFlaw flaw, string where, long offset, string explanation)
        : base($"snapshot {name}, case {(char)flaw}, {where} at byte {offset}: {explanation}") =>
        (Flaw, Where, Offset) = (flaw, where, offset);

    public SnapshotFlaw Flaw { get; }

    /// <summary>The first page, the pieces' checksums, or a table's name.</summary>
    public string Where { get; }

    /// <summary>First byte of the page or piece that is meant.</summary>
    public long Offset { get; }
}
