using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Tools.Names;

/// <summary>A tenant as its first fact describes it.</summary>
/// <param name="Name">Not necessarily unique; the number is.</param>
internal sealed record TenantEntry(uint Number, string Name, PublicIds Ids);
