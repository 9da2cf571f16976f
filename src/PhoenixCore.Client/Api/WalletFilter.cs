using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>Which wallets a list shows; all by default, but the system's.</summary>
public sealed record WalletFilter
{
    public WalletStatus Status { get; init; }

    public string HolderId { get; init; } = "";

    public bool IncludeSystem { get; init; }
}
