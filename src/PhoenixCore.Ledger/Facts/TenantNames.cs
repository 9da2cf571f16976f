using System.Text;

namespace PhoenixCore.Ledger.Facts;

/// <summary>External ids of the wallets that come with every tenant, in the order of their ordinals.</summary>
public static class TenantNames
{
    public static IReadOnlyList<string> Wallets { get; } = ["system:liability", "system:consumption", "system:breakage", "system:adjustment", "house_wallet"];

    private static readonly byte[][] Utf8 = [.. Wallets.Select(Encoding.ASCII.GetBytes)];

    public static bool Contains(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 12 or > 18 || name[0] is not ((byte)'s' or (byte)'h')) return false;
        foreach (var known in Utf8)
        {
            if (name.SequenceEqual(known)) return true;
        }

        return false;
    }
}
