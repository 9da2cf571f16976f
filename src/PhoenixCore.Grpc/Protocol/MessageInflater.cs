using System.Buffers;
using System.IO.Compression;

namespace PhoenixCore.Grpc.Protocol;

/// <summary>Undoes the compression of one request message, never past the message limit.</summary>
internal static class MessageInflater
{
    internal const string Accepted = "identity,gzip,deflate";

    internal static bool Knows(string? encoding) => encoding is null or "identity" or "gzip" or "deflate";

    /// <returns>The payload itself when it is not compressed, else a copy that lives as long as the caller holds it.</returns>
    /// <exception cref="GrpcException">INTERNAL for a bad flag or bad data, RESOURCE_EXHAUSTED past the limit.</exception>
    internal static ReadOnlySequence<byte> Inflate(byte flag, in ReadOnlySequence<byte> payload, string? encoding, int maxRequestBytes)
    {
        if (flag == 0) return payload;
        if (flag != 1) throw new GrpcException(GrpcStatusCode.Internal, $"frame flag {flag} is not defined");
        if (encoding is null or "identity") throw new GrpcException(GrpcStatusCode.Internal, "compressed message without grpc-encoding");

        using var source = new MemoryStream(payload.ToArray(), writable: false);
        using Stream inflating = encoding == "gzip"
            ? new GZipStream(source, CompressionMode.Decompress)
            : new ZLibStream(source, CompressionMode.Decompress); // "deflate" is the zlib format, RFC 1950.
        var inflated = new ArrayBufferWriter<byte>(256);
        try
        {
            while (true)
            {
                var read = inflating.Read(inflated.GetSpan(4096));
                if (read == 0) return new ReadOnlySequence<byte>(inflated.WrittenMemory);
                inflated.Advance(read);
                if (inflated.WrittenCount > maxRequestBytes)
                    throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"inflated request message is over the limit of {maxRequestBytes}");
            }
        }
        catch (InvalidDataException)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "compressed message is damaged");
        }
    }
}
