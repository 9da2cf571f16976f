using System.Buffers;

namespace PhoenixCore.Grpc;

/// <summary>Answers one request without message objects.</summary>
/// <param name="request">The payload where it lies in the connection's buffers; lent until the returned task completes.</param>
/// <param name="reply">Takes the payload of the one reply; lent as long.</param>
public delegate ValueTask RawUnaryHandler(ReadOnlySequence<byte> request, GrpcReplyWriter reply, GrpcCall call);
