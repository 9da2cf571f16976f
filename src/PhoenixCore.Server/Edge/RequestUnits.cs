namespace PhoenixCore.Server.Edge;

/// <summary>A request's amounts in smallest units.</summary>
/// <param name="Asset">Code of the asset whose scale turned decimals into these units. The command names it, so that nothing that happens
/// meanwhile can apply the units to an asset of another scale. Null: no decimals, the request's own words count.</param>
/// <param name="Scale">That scale.</param>
internal readonly record struct RequestUnits(Int128 Amount, Int128 Floor, Int128 Ceiling, string? Asset = null, int? Scale = null);
