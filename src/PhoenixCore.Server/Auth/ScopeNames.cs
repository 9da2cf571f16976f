using System.Collections.Frozen;

namespace PhoenixCore.Server.Auth;

/// <summary>Scopes as they are written. <c>wallets:read</c> covers every read and <c>wallets:write</c> every change but administration, so that the documented pair does all that is documented.</summary>
public static class ScopeNames
{
    private static readonly FrozenDictionary<string, Scope> ByName = new Dictionary<string, Scope>(StringComparer.Ordinal)
    {
        ["wallets:read"] = Scope.AnyRead,
        ["wallets:write"] = Scope.AnyWrite,
        ["credits:write"] = Scope.CreditsWrite,
        ["transfers:write"] = Scope.TransfersWrite,
        ["debits:write"] = Scope.DebitsWrite,
        ["reservations:write"] = Scope.ReservationsWrite,
        ["lots:read"] = Scope.LotsRead,
        ["lots:write"] = Scope.LotsWrite,
        ["assets:read"] = Scope.AssetsRead,
        ["assets:write"] = Scope.AssetsWrite,
        ["policies:read"] = Scope.PoliciesRead,
        ["policies:write"] = Scope.PoliciesWrite,
        ["ledger:read"] = Scope.LedgerRead,
        ["events:read"] = Scope.EventsRead,
        ["webhooks:read"] = Scope.WebhooksRead,
        ["webhooks:write"] = Scope.WebhooksWrite,
        ["admin"] = Scope.Admin,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> All => ByName.Keys;

    /// <summary>False for a name that is not known.</summary>
    public static bool TryParse(string name, out Scope scope) => ByName.TryGetValue(name, out scope);

    /// <summary>Of a token: names that are not known grant nothing.</summary>
    public static Scope OfWords(string words)
    {
        var scopes = Scope.None;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries)) scopes |= ByName.GetValueOrDefault(word);
        return scopes;
    }

    /// <summary>The fewest names that together mean these scopes, in a fixed order.</summary>
    public static IReadOnlyList<string> Of(Scope scopes)
    {
        var names = new List<string>();
        var left = scopes;
        foreach (var (name, scope) in ByName.OrderByDescending(entry => int.PopCount((int)entry.Value)).ThenBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if ((left & scope) == 0 || (scopes & scope) != scope) continue;
            names.Add(name);
            left &= ~scope;
        }

        return names;
    }
}
