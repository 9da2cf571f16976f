using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>A policy at one version.</summary>
/// <param name="SourceJson">JSON object, as its author wrote the version.</param>
/// <param name="CreatedAt">Of the policy; the epoch for pol_default.</param>
public sealed record Policy(string Id, int Version, int LatestVersion, PolicyStatus Status, string SourceJson, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset VersionCreatedAt)
{
    internal static Policy From(Contracts.V1.Policy from) => new(
        from.Id, (int)from.Version, (int)from.LatestVersion, from.Status, from.SourceJson,
        UnixNanoseconds.ToTime(from.CreatedAtUnixNs), UnixNanoseconds.ToTime(from.UpdatedAtUnixNs), UnixNanoseconds.ToTime(from.VersionCreatedAtUnixNs));
}
