using System.Globalization;

namespace PhoenixCore.Server.Events;

/// <summary>A place in a tenant's stream as text: <c>seq_</c> and at least 12 digits. Never to be sorted as text.</summary>
public static class EventSequence
{
    private const string Prefix = "seq_";

    public static string Format(ulong number) => Prefix + number.ToString("D12", CultureInfo.InvariantCulture);

    /// <summary>With the prefix or without.</summary>
    public static bool TryParse(string text, out ulong number) =>
        ulong.TryParse(text.StartsWith(Prefix, StringComparison.Ordinal) ? text.AsSpan(Prefix.Length) : text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
