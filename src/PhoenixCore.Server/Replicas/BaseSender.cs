using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Replicas;

/// <summary>Brings an empty copy to where the stream can go on: a snapshot, and the segments up to where it stands. One task.</summary>
internal sealed class BaseSender(Node node, IJournalStorage place, ResponseStream<LeaderMessage> to)
{
    private const int PartBytes = 1 << 20;
    private static readonly TimeSpan LifeSign = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns when all of it was sent.</summary>
    /// <exception cref="IOException">There is no sound snapshot, and none could be taken.</exception>
    public async Task SendAsync(Welcome welcome, CancellationToken ct)
    {
        var snapshot = await FindAsync(ct).ConfigureAwait(false);
        ReplicaBaseFile[] files = [new ReplicaBaseFile { Name = snapshot.Name, Bytes = (ulong)snapshot.Bytes }, .. await WhileAliveAsync(Task.Run(() => SegmentsOf(snapshot), ct), ct).ConfigureAwait(false)];
        var state = node.State;
        var members = state.Members.Sequence <= snapshot.Sequence ? state.Members : state.MembersBefore.Sequence <= snapshot.Sequence ? state.MembersBefore : null;
        await to.WriteAsync(new LeaderMessage
        {
            Base = new ReplicaBase
            {
                Welcome = ReplicaWire.Of(welcome),
                Sequence = snapshot.Sequence,
                Epochs = { state.Epochs.Where(start => start.First <= snapshot.Sequence).Select(ReplicaWire.Of) },
                Voters = { (members?.Voters ?? []).Select(voter => ReplicaWire.Of(voter)) },
                SingleCopyAccepted = members?.SingleCopyAccepted ?? false,
                MembersSequence = members?.Sequence ?? 0,
                Files = { files },
            },
        }).ConfigureAwait(false);
        foreach (var file in files) await SendFileAsync(file.Name, (long)file.Bytes).ConfigureAwait(false);
    }

    /// <summary>The newest that proves whole; else a new one.</summary>
    private async Task<SnapshotInfo> FindAsync(CancellationToken ct)
    {
        foreach (var snapshot in node.Shard.Snapshots.Sound().Where(snapshot => snapshot.Sequence <= node.Shard.Cursors.Committed && snapshot.Sequence >= node.Shard.Durable.FirstSequence))
        {
            if (await WhileAliveAsync(Task.Run(() => IsWhole(snapshot), ct), ct).ConfigureAwait(false)) return snapshot;
        }

        return await WhileAliveAsync(node.Shard.Snapshots.TakeAsync(), ct).ConfigureAwait(false);
    }

    /// <summary>The other side gives up after some seconds of silence.</summary>
    private async Task<T> WhileAliveAsync<T>(Task<T> work, CancellationToken ct)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(LifeSign, ct)).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            await to.WriteAsync(new LeaderMessage()).ConfigureAwait(false);
        }

        return await work.ConfigureAwait(false);
    }

    private bool IsWhole(SnapshotInfo snapshot)
    {
        try
        {
            using var reader = SnapshotReader.Open(place, snapshot.Name, snapshot.Shard);
            reader.Prove();
            return true;
        }
        catch (SnapshotUnusableException)
        {
            return false; // damaged, or just removed because there are newer ones
        }
    }

    /// <summary>All that there are, the last one as far as the snapshot's sequence.</summary>
    private List<ReplicaBaseFile> SegmentsOf(SnapshotInfo snapshot)
    {
        var whole = node.Shard.Durable.SealedSegments.TakeWhile(segment => segment.LastSequence < snapshot.Sequence).ToArray();
        var first = place.List().Select(name => SegmentInspection.TryNumber(name, out var number) ? number : ulong.MaxValue).Min();
        var last = SegmentInspection.NameOf(whole.Length > 0 ? whole[^1].Number + 1 : first);
        var upTo = SegmentInspection.Inspect(place, last, snapshot.Sequence).UpTo;
        if (upTo.LastSequence != snapshot.Sequence) throw new IOException($"{last} does not hold sequence {snapshot.Sequence}");
        return [.. whole.Select(segment => new ReplicaBaseFile { Name = SegmentInspection.NameOf(segment.Number), Bytes = (ulong)segment.Bytes }), new ReplicaBaseFile { Name = last, Bytes = (ulong)upTo.End }];
    }

    private async Task SendFileAsync(string name, long bytes)
    {
        var part = new byte[PartBytes];
        using var file = place.Open(name, JournalFileMode.Read);
        for (var at = 0L; at < bytes;)
        {
            var count = Read(file, at, part.AsSpan(0, (int)Math.Min(PartBytes, bytes - at)));
            await to.WriteAsync(new LeaderMessage { FilePart = new ReplicaFilePart { Name = name, Offset = (ulong)at, Content = ByteString.CopyFrom(part, 0, count) } }).ConfigureAwait(false);
            at += count;
        }
    }

    private static unsafe int Read(IJournalFile file, long at, Span<byte> part)
    {
        fixed (byte* start = part) return file.Read(at, start, part.Length) is > 0 and var count ? count : throw new IOException($"{file.Name} ends at byte {at}");
    }
}
