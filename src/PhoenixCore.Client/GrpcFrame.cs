using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace PhoenixCore.Client;

/// <summary>The 5 bytes in front of every message: a zero, then the payload's length, big-endian.</summary>
public static class GrpcFrame
{
    public const int HeaderBytes = 5;

    public static void WriteHeader(Span<byte> at, int payloadBytes)
    {
        at[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(at[1..], payloadBytes);
    }

    /// <summary>Appends one framed message.</summary>
    public static void Write(IBufferWriter<byte> to, IMessage message)
    {
        var size = message.CalculateSize();
        var frame = to.GetSpan(HeaderBytes + size);
        WriteHeader(frame, size);
        message.WriteTo(frame.Slice(HeaderBytes, size));
        to.Advance(HeaderBytes + size);
    }

    /// <summary>One framed message, for a caller who sends it many times.</summary>
    public static byte[] Encode(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = new byte[HeaderBytes + size];
        WriteHeader(frame, size);
        message.WriteTo(frame.AsSpan(HeaderBytes));
        return frame;
    }
}
