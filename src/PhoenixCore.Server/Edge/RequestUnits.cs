namespace PhoenixCore.Server.Edge;

/// <summary>A request's amounts in smallest units.</summary>
internal readonly record struct RequestUnits(Int128 Amount, Int128 Floor, Int128 Ceiling);
