using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Balance;

/// <summary>A wallet's balances as of a fact, as a search finds them.</summary>
/// <param name="Number">The wallet's.</param>
/// <param name="Sequence">The last fact that counts.</param>
/// <param name="Stamp">That fact's time, unix nanoseconds.</param>
internal sealed record PastState(TenantEntry Tenant, ulong Number, string ExternalId, ulong Sequence, long Stamp, IReadOnlyList<(AssetEntry Asset, Int128 Available, Int128 Reserved)> Balances);
