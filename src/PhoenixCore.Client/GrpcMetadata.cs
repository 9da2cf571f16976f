using System.Collections;

namespace PhoenixCore.Client;

/// <summary>Names and values beside the messages. Names ending in <c>-bin</c> carry bytes, all others printable ASCII text.</summary>
/// <remarks>Order is kept and names may repeat. One thread while it is being filled.</remarks>
public sealed class GrpcMetadata : IEnumerable<KeyValuePair<string, string>>
{
    private const string BinarySuffix = "-bin";

    private readonly List<KeyValuePair<string, string>> _entries = [];

    /// <param name="name">a-z, 0-9, '-', '_' and '.'.</param>
    public GrpcMetadata Add(string name, string value)
    {
        if (name.EndsWith(BinarySuffix, StringComparison.Ordinal)) throw new ArgumentException("names ending in -bin carry bytes", nameof(name));
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentException("metadata text is printable ASCII", nameof(value));
        _entries.Add(new(name, value));
        return this;
    }

    /// <param name="name">Ends in <c>-bin</c>.</param>
    public GrpcMetadata Add(string name, ReadOnlySpan<byte> value)
    {
        if (!name.EndsWith(BinarySuffix, StringComparison.Ordinal)) throw new ArgumentException("bytes need a name ending in -bin", nameof(name));
        _entries.Add(new(name, Convert.ToBase64String(value).TrimEnd('=')));
        return this;
    }

    /// <summary>The last text value, or null.</summary>
    public string? Find(string name) => _entries.FindLast(entry => entry.Key == name).Value;

    /// <summary>All values of a binary entry.</summary>
    /// <exception cref="FormatException">A value is not base64.</exception>
    public IReadOnlyList<byte[]> FindBinary(string name) =>
        [.. _entries.Where(entry => entry.Key == name).SelectMany(entry => entry.Value.Split(',')).Select(FromBase64)];

    /// <summary>The entries as they travel: bytes in base64.</summary>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void AddWire(string name, string value) => _entries.Add(new(name, value));

    internal static byte[] FromBase64(string text)
    {
        text = text.Trim().TrimEnd('=');
        return Convert.FromBase64String(text.PadRight((text.Length + 3) & ~3, '='));
    }
}
