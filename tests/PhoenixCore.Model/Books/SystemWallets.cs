namespace PhoenixCore.Model.Books;

/// <summary>External ids of the wallets that every tenant is born with, in order of birth.</summary>
internal static class SystemWallets
{
    public const string Liability = "system:liability";
    public const string Consumption = "system:consumption";
    public const string Breakage = "system:breakage";
    public const string Adjustment = "system:adjustment";

    public static readonly IReadOnlyList<string> All = [Liability, Consumption, Breakage, Adjustment];
}
