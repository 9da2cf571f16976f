namespace PhoenixCore.Grpc.Protocol;

/// <summary>The rules for metadata that a handler adds.</summary>
internal static class MetadataName
{
    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    internal static void Check(string name, bool binary)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Allowed)) throw new ArgumentException("metadata names are a-z, 0-9, '-', '_' and '.'", nameof(name));
        if (name.StartsWith("grpc-", StringComparison.Ordinal)) throw new ArgumentException("'grpc-' is reserved", nameof(name));
        if (name.EndsWith(BinaryHeader.Suffix, StringComparison.Ordinal) != binary) throw new ArgumentException("names ending in -bin carry bytes, all others text", nameof(name));
    }

    internal static void CheckValue(string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentException("metadata text is printable ASCII", nameof(value));
    }
}
