using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Data;

/// <summary>A journal's directory at rest, found from what an operator names: the server's data directory or a shard's own.</summary>
internal sealed class DataDirectory
{
    private static readonly string[] JournalFiles = ["epoch", "control"];
    private readonly ReadOnlyStorage _storage;
    private readonly Guid _shard;

    private DataDirectory(string root, string path, ReadOnlyStorage storage, Guid shard)
    {
        (Root, Path, _storage, _shard) = (System.IO.Path.GetFullPath(root), path, storage, shard);
        var segments = Directory.GetFiles(path, "*.segment").Select(file => new FileInfo(file).Length).ToArray();
        (Segments, SegmentBytes) = (segments.Length, segments.Sum());
    }

    /// <summary>What was named.</summary>
    public string Root { get; }

    /// <summary>A server's data directory was named, and the shard lies inside it.</summary>
    public bool IsInside => Root != Path;

    /// <summary>The journal's directory, which cannot be changed through it.</summary>
    public IJournalStorage Storage => _storage;

    /// <summary>Where the journal's files lie.</summary>
    public string Path { get; }

    public Guid Shard => _shard;

    /// <summary>Segment files, prepared ones included.</summary>
    public int Segments { get; }

    /// <summary>Bytes of all segment files.</summary>
    public long SegmentBytes { get; }

    /// <exception cref="ToolException">There is no journal, or nothing in it says whose it is.</exception>
    public static DataDirectory Open(string named)
    {
        if (!Directory.Exists(named)) throw new ToolException(ExitCode.NotFound, $"there is no directory {named}");
        var inside = System.IO.Path.Combine(named, "shards", "0");
        var path = System.IO.Path.GetFullPath(HoldsJournal(inside) ? inside : named);
        if (!HoldsJournal(path)) throw new ToolException(ExitCode.NotFound, $"there is no journal in {path}, nor in its shards/0");
        var storage = new ReadOnlyStorage(new PosixStorage(path));
        var shard = Journal.Journal.ReadShardId(storage) ?? throw new ToolException(ExitCode.DamagedData, $"no segment header and no epoch slot in {path} is readable: nothing says which shard it was");
        return new DataDirectory(named, path, storage, shard);
    }

    /// <summary>Reads and verifies the whole journal, changing nothing; the visitor gets every record.</summary>
    /// <inheritdoc cref="Journal.Journal.Inspect"/>
    public RecoveryReport Inspect(IRecordVisitor visitor) => Journal.Journal.Inspect(_storage, new JournalOptions { ShardId = _shard }, visitor);

    /// <summary>The same from where the start says, asked once the directory is taken.</summary>
    public RecoveryReport Inspect(Func<ReplayStart> start) => Journal.Journal.Inspect(_storage, new JournalOptions { ShardId = _shard }, start: start);

    /// <summary>Opens the journal for questions, changing nothing.</summary>
    /// <inheritdoc cref="JournalArchive.Open"/>
    public JournalArchive OpenArchive() => JournalArchive.Open(_storage, _shard);

    private static bool HoldsJournal(string path) =>
        Directory.Exists(path) && (Array.Exists(JournalFiles, name => File.Exists(System.IO.Path.Combine(path, name))) || Directory.EnumerateFiles(path, "*.segment").Any());
}
