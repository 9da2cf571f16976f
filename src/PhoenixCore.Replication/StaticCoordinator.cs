namespace PhoenixCore.Replication;

/// <summary>The operator says who leads: by the settings at the start, and by a command that promotes. Promises on the copies keep epochs apart.</summary>
/// <param name="leaderAddress">What the copy follows; null = it leads.</param>
public sealed class StaticCoordinator(string? leaderAddress) : ICoordinator
{
    /// <inheritdoc/>
    public string? LeaderAddress => leaderAddress;

    /// <inheritdoc/>
    public ulong EpochFloor => 0;
}
