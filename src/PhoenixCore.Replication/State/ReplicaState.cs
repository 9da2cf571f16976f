using System.Text;

namespace PhoenixCore.Replication.State;

/// <summary>What a copy keeps beside its journal, durable before it answers.</summary>
public sealed record ReplicaState
{
    private const int Format = 1;

    /// <summary>Born with the directory: a copy that was wiped is another one.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>The history that the copy belongs to; a restored backup begins a new one.</summary>
    public required Guid Timeline { get; init; }

    /// <summary>The highest epoch promised: nothing of a lower one is taken.</summary>
    public ulong Promised { get; init; }

    /// <summary>The leader that it was promised to.</summary>
    public Guid PromisedTo { get; init; }

    /// <summary>Where that leader can be reached; empty = not known.</summary>
    public string LeaderAddress { get; init; } = "";

    /// <summary>At least so much was committed; the truth may be further on.</summary>
    public ulong Committed { get; init; }

    /// <summary>Who has a vote.</summary>
    public MemberList Members { get; init; } = MemberList.None;

    /// <summary>Who had one before; in force again when the fact that changed it is cut away.</summary>
    public MemberList MembersBefore { get; init; } = MemberList.None;

    /// <summary>As <see cref="EpochTable.Starts"/>.</summary>
    public IReadOnlyList<EpochStart> Epochs { get; init; } = [];

    /// <summary>As bytes, for <see cref="Read"/>.</summary>
    public byte[] Write()
    {
        var stream = new MemoryStream();
        using (var to = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            to.Write(Format);
            Write(to, Incarnation);
            Write(to, Timeline);
            to.Write(Promised);
            Write(to, PromisedTo);
            to.Write(LeaderAddress);
            to.Write(Committed);
            Write(to, Members);
            Write(to, MembersBefore);
            to.Write(Epochs.Count);
            foreach (var start in Epochs)
            {
                to.Write(start.Epoch);
                to.Write(start.First);
            }
        }

        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">It is of a format that this program does not know, or no such state.</exception>
    public static ReplicaState Read(byte[] content)
    {
        try
        {
            using var from = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
            if (from.ReadInt32() is var format && format != Format) throw new InvalidDataException($"the replica's state has format {format}");
            return new ReplicaState
            {
                Incarnation = ReadGuid(from),
                Timeline = ReadGuid(from),
                Promised = from.ReadUInt64(),
                PromisedTo = ReadGuid(from),
                LeaderAddress = from.ReadString(),
                Committed = from.ReadUInt64(),
                Members = ReadMembers(from),
                MembersBefore = ReadMembers(from),
                Epochs = ReadEpochs(from),
            };
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("the replica's state ends too early", e);
        }
    }

    private static void Write(BinaryWriter to, Guid id) => to.Write(id.ToByteArray());

    private static void Write(BinaryWriter to, MemberList members)
    {
        to.Write(members.Voters.Count);
        foreach (var voter in members.Voters) Write(to, voter);
        to.Write(members.SingleCopyAccepted);
        to.Write(members.Sequence);
    }

    private static Guid ReadGuid(BinaryReader from) => new(from.ReadBytes(16) is { Length: 16 } bytes ? bytes : throw new EndOfStreamException());

    private static MemberList ReadMembers(BinaryReader from)
    {
        var voters = new Guid[from.ReadInt32()];
        for (var i = 0; i < voters.Length; i++) voters[i] = ReadGuid(from);
        return new MemberList(voters, from.ReadBoolean(), from.ReadUInt64());
    }

    private static EpochStart[] ReadEpochs(BinaryReader from)
    {
        var starts = new EpochStart[from.ReadInt32()];
        for (var i = 0; i < starts.Length; i++) starts[i] = new EpochStart(from.ReadUInt64(), from.ReadUInt64());
        return starts;
    }
}
