using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Journal;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Replication.State;

namespace PhoenixCore.Server.Replicas;

/// <summary>The protocol's messages as they travel.</summary>
internal static class ReplicaWire
{
    /// <summary>Longest message: a group of the journal and what stands around it.</summary>
    public const int MessageBytesMax = 4 << 20;

    public const string FollowPath = "/phoenix.v1.Replication/Follow";
    public const string FencePath = "/phoenix.v1.Replication/Fence";

    /// <summary>What all paths of the service begin with.</summary>
    public const string Prefix = "/phoenix.v1.Replication/";

    public static ByteString Of(Guid id) => ByteString.CopyFrom(id.ToByteArray());

    /// <summary>Empty where there are not 16 bytes.</summary>
    public static Guid Id(ByteString bytes) => bytes.Length == 16 ? new Guid(bytes.Span) : Guid.Empty;

    public static ReplicaEpoch Of(EpochStart start) => new() { Epoch = start.Epoch, First = start.First };

    public static ByteString Of(UInt128 number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, number);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Zero where there are not 16 bytes.</summary>
    public static UInt128 Number(ByteString bytes) => bytes.Length == 16 ? BinaryPrimitives.ReadUInt128LittleEndian(bytes.Span) : UInt128.Zero;

    public static ByteString Of(ChainValue chain) => ByteString.CopyFrom(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref chain, 1)));

    public static ChainValue Chain(ByteString bytes) => bytes.Length == ChainValue.Size ? MemoryMarshal.Read<ChainValue>(bytes.Span) : default;

    public static ReplicaHello Of(Hello hello) => new()
    {
        Shard = Of(hello.Shard),
        Incarnation = Of(hello.Incarnation),
        Timeline = Of(hello.Timeline),
        Promised = hello.Promised,
        PromisedTo = Of(hello.PromisedTo),
        LastSequence = hello.End.Sequence,
        Chain = Of(hello.End.Chain),
        Epochs = { hello.Epochs.Select(Of) },
        Committed = hello.Committed,
        Address = hello.Address,
    };

    public static Hello From(ReplicaHello hello) => new(
        Id(hello.Shard), Id(hello.Incarnation), Id(hello.Timeline), hello.Promised, Id(hello.PromisedTo), new JournalPosition(hello.LastSequence, Chain(hello.Chain)),
        [.. hello.Epochs.Select(start => new EpochStart(start.Epoch, start.First))], hello.Committed, hello.Address);

    public static ReplicaWelcome Of(Welcome welcome) => new()
    {
        Timeline = Of(welcome.Timeline),
        Epoch = welcome.Epoch,
        Leader = Of(welcome.Leader),
        Agreement = welcome.Agreement,
        Committed = welcome.Committed,
        Address = welcome.Address,
    };

    public static Welcome From(ReplicaWelcome welcome) => new(Id(welcome.Timeline), welcome.Epoch, Id(welcome.Leader), welcome.Agreement, welcome.Committed, welcome.Address);

    public static ReplicaFenced Of(FenceAnswer answer) => new()
    {
        Granted = answer.IsGranted,
        Promised = answer.Promised,
        LastEpoch = answer.LastEpoch,
        LastSequence = answer.LastSequence,
        Incarnation = Of(answer.Incarnation),
        Timeline = Of(answer.Timeline),
    };

    public static FenceAnswer From(ReplicaFenced answer) => new(answer.Granted, answer.Promised, answer.LastEpoch, answer.LastSequence, Id(answer.Incarnation), Id(answer.Timeline));

    public static LeaderMessage Refuse(ReplicaRefusal.Types.Reason reason, string message, string address = "") => new() { Refusal = new ReplicaRefusal { Reason = reason, Message = message, Address = address } };
}
