using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc;

/// <summary>What the client sent beside its messages, looked up in the request's headers in place.</summary>
/// <remarks>Names are lower-case ASCII. A name may occur more than once; values keep the order they came in.</remarks>
public readonly struct RequestMetadata
{
    private readonly IHeaderDictionary _headers;

    internal RequestMetadata(IHeaderDictionary headers) => _headers = headers;

    /// <summary>All values of a text entry; empty when there is none. For one value the result holds the string itself.</summary>
    public StringValues this[string name] => _headers[name];

    /// <summary>The last value of a text entry, or null.</summary>
    public string? Find(string name) => _headers.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>All values of an entry whose name ends in <c>-bin</c>; one header line may carry several, split by commas.</summary>
    /// <exception cref="GrpcException">INTERNAL when a value is not base64.</exception>
    public IReadOnlyList<byte[]> FindBinary(string name)
    {
        if (!name.EndsWith(BinaryHeader.Suffix, StringComparison.Ordinal)) throw new ArgumentException("binary metadata names end in -bin", nameof(name));
        if (!_headers.TryGetValue(name, out var lines)) return [];

        var found = new List<byte[]>(lines.Count);
        foreach (var line in lines)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (!BinaryHeader.TryDecode(line.AsSpan()[part], out var value))
                    throw new GrpcException(GrpcStatusCode.Internal, $"metadata {name} is not base64");
                found.Add(value);
            }
        }

        return found;
    }
}
