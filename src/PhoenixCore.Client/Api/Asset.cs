using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <param name="Scale">Decimals, 0 to 18.</param>
/// <param name="IsActive">It can be credited.</param>
/// <param name="IsScaleFixed">Something is counted in its scale, which can change no more.</param>
public sealed record Asset(string Code, int Scale, bool IsActive, string Name, string MetadataJson, DateTimeOffset CreatedAt, bool IsScaleFixed)
{
    internal static Asset From(Contracts.V1.Asset from) =>
        new(from.Code, (int)from.Scale, from.Status == AssetStatus.Active, from.Name, from.MetadataJson, UnixNanoseconds.ToTime(from.CreatedAtUnixNs), from.ScaleFixed);
}
