using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Replication.State;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Replicas;

/// <summary>A state and its journal that a leader sends because its stream would take too long, or cannot begin where this copy ends: they arrive aside, are proven, and only then take the journal's place. One task.</summary>
/// <remarks>Cut short before it is complete, nothing has changed. After that, <see cref="Finish"/> is done again at the next start until it is through.</remarks>
internal sealed class IncomingBase : IDisposable
{
    private const string Folder = "incoming";
    private const string Complete = "complete";
    private const string LockFile = "lock";

    /// <summary>What stays: the lock, the highest epoch ever, and what was promised.</summary>
    private static readonly string[] Staying = [LockFile, "epoch", ReplicaFile.Name];

    private readonly ReplicaBase _said;
    private readonly PosixStorage _aside;
    private IJournalFile? _file;
    private long _written;
    private int _taken;

    private IncomingBase(string shard, ReplicaBase said) => (_said, _aside) = (said, new PosixStorage(Path.Combine(shard, Folder)));

    /// <summary>Makes room aside; what came earlier and was not completed goes.</summary>
    /// <param name="shard">The shard's directory.</param>
    /// <exception cref="InvalidDataException">It is not made of a snapshot and segments that follow each other.</exception>
    public static IncomingBase Begin(string shard, ReplicaBase said)
    {
        if (said.Files.Count < 2 || !SnapshotNames.TryParse(said.Files[0].Name, out var sequence) || sequence != said.Sequence || !FollowEachOther(said.Files.Skip(1)))
            throw new InvalidDataException("what the leader wants to send is not a snapshot and segments");
        var aside = Path.Combine(shard, Folder);
        if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        return new IncomingBase(shard, said);
    }

    /// <summary>Writes a part.</summary>
    /// <returns>True when all are there, durable.</returns>
    /// <exception cref="InvalidDataException">It does not follow the one before.</exception>
    public bool Take(ReplicaFilePart part)
    {
        var wanted = _said.Files[_taken];
        if (part.Name != wanted.Name || part.Offset != (ulong)_written || part.Offset + (ulong)part.Content.Length > wanted.Bytes) throw new InvalidDataException($"{part.Name} at {part.Offset} was sent, and {wanted.Name} at {_written} comes next");
        _file ??= _aside.Open(part.Name, JournalFileMode.Create);
        Write(_file, _written, part.Content.Span);
        _written += part.Content.Length;
        if ((ulong)_written < wanted.Bytes) return false;
        _file.Sync();
        _file.Dispose();
        (_file, _written) = (null, 0);
        return ++_taken == _said.Files.Count;
    }

    /// <summary>Reads everything back; from its return on the state is going to be this copy's.</summary>
    /// <exception cref="InvalidDataException">It is not what it should be; nothing was changed.</exception>
    public void Prove(Guid shard)
    {
        var snapshot = _said.Files[0].Name;
        try
        {
            using var reader = SnapshotReader.Open(_aside, snapshot, shard);
            reader.Prove();
            var end = new JournalPosition(0, default);
            foreach (var segment in _said.Files.Skip(1))
            {
                var found = SegmentInspection.Inspect(_aside, segment.Name);
                var isEmpty = found.Whole.Records == 0; // what attests the group before it may stand alone
                if (found.Shard != shard || (ulong)found.Whole.End != segment.Bytes || (!isEmpty && end.Sequence != 0 && found.Whole.FirstSequence != end.Sequence + 1)) throw new InvalidDataException($"{segment.Name} is damaged behind byte {found.Whole.End}, or does not follow");
                if (!isEmpty) end = new JournalPosition(found.Whole.LastSequence, found.Whole.Chain);
            }

            if (end != reader.Info.Position) throw new InvalidDataException($"the segments do not end where {snapshot} stands");
        }
        catch (SnapshotUnusableException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        DurableFile.WriteBytes(_aside, Complete, _said.ToByteArray());
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Puts a complete state in the place of what was there, which is kept in a directory of its own. The shard is not open.</summary>
    /// <returns>Its sequence; null = there is none.</returns>
    public static ulong? Finish(string shard, Node node)
    {
        var folder = Path.Combine(shard, Folder);
        if (!File.Exists(Path.Combine(folder, Complete))) return null;
        var said = ReplicaBase.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, Complete)));
        var (place, aside) = (new PosixStorage(shard), new PosixStorage(folder));
        using (place.Lock(LockFile))
        {
            var names = said.Files.Select(file => file.Name).ToArray();
            var before = $"before-{said.Sequence}";
            var kept = new PosixStorage(Path.Combine(shard, before));
            foreach (var name in place.List().Where(name => !Staying.Contains(name) && (!names.Contains(name) || aside.Exists(name)))) place.Rename(name, Path.Combine(before, name));
            kept.SyncDirectory();
            place.SyncDirectory();
            foreach (var name in names.Where(aside.Exists)) place.Rename(Path.Combine(Folder, name), name);
            place.SyncDirectory();
        }

        node.Rebase(
            ReplicaWire.Id(said.Welcome.Timeline), said.Sequence, [.. said.Epochs.Select(start => new EpochStart(start.Epoch, start.First))],
            new MemberList([.. said.Voters.Select(ReplicaWire.Id)], said.SingleCopyAccepted, said.MembersSequence));
        aside.Delete(Complete);
        Directory.Delete(folder, recursive: true);
        return said.Sequence;
    }

    private static bool FollowEachOther(IEnumerable<ReplicaBaseFile> segments)
    {
        var before = 0UL;
        foreach (var segment in segments)
        {
            if (!SegmentInspection.TryNumber(segment.Name, out var number) || (before != 0 && number != before + 1)) return false;
            before = number;
        }

        return true;
    }

    private static unsafe void Write(IJournalFile file, long at, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) file.Write(at, start, bytes.Length);
    }
}
