using System.Text.Json;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Looks attributes of lots up, each source of terms once. One page long.</summary>
internal sealed class LotAttributes(StateReads reads, TenantContext tenant, IReadOnlyList<(string Key, string Value)> wanted)
{
    private readonly Dictionary<ulong, bool> _known = [];

    /// <param name="source">Of the lot's terms; 0 = plain.</param>
    public bool Fit(ulong source)
    {
        if (wanted.Count == 0) return true;
        if (source == 0) return false;
        if (!_known.TryGetValue(source, out var fits)) _known[source] = fits = Has(LotTexts.Find(sequence => reads.FindFact(tenant, sequence)?.Payload, source, ExtraTag.Attributes));
        return fits;
    }

    private bool Has(byte[]? attributes)
    {
        if (attributes is null) return false;
        using var document = JsonDocument.Parse(attributes);
        foreach (var (key, value) in wanted)
        {
            if (!document.RootElement.TryGetProperty(key, out var member) || TextOf(member) != value) return false;
        }

        return true;
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
