using System.Buffers;
using System.Buffers.Binary;

namespace PhoenixCore.Grpc.Protocol;

/// <summary>The 5 bytes in front of every message.</summary>
/// <remarks><code>
///   0      1               5
///   +------+---------------+-----------
///   |Flag  |Length         | payload...
///   +------+---------------+-----------
/// </code>
/// Flag is 0 for a plain payload and 1 for one compressed as <c>grpc-encoding</c> says; Length is big-endian.
/// </remarks>
internal readonly record struct FrameHeader(byte Flag, uint Length)
{
    internal const int Bytes = 5;

    /// <param name="buffer">At least <see cref="Bytes"/> long.</param>
    internal static FrameHeader Read(in ReadOnlySequence<byte> buffer)
    {
        var first = buffer.FirstSpan;
        if (first.Length >= Bytes) return new(first[0], BinaryPrimitives.ReadUInt32BigEndian(first[1..]));

        Span<byte> joined = stackalloc byte[Bytes];
        buffer.Slice(0, Bytes).CopyTo(joined);
        return new(joined[0], BinaryPrimitives.ReadUInt32BigEndian(joined[1..]));
    }

    internal static void Write(Span<byte> at, int payloadBytes)
    {
        at[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(at[1..], (uint)payloadBytes);
    }

    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED; known from the header, before the payload is buffered.</exception>
    internal void CheckLimit(int maxRequestBytes)
    {
        if (Length > (uint)maxRequestBytes)
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"request message of {Length} bytes is over the limit of {maxRequestBytes}");
    }
}
