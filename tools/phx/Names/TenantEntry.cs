using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Tools.Names;

/// <summary>A tenant as its first fact describes it.</summary>
/// <param name="Name">Not necessarily unique; the number is.</param>
/// <param name="HasOwnNames">Its external ids are enciphered, and hashed under a key that is not in the journal.</param>
internal sealed record TenantEntry(uint Number, string Name, PublicIds Ids, bool HasOwnNames)
{
    /// <summary>For whoever found no wallet by its external id.</summary>
    public string NameHint => HasOwnNames ? " (its external ids are enciphered: name the wallet by its id)" : "";
}
