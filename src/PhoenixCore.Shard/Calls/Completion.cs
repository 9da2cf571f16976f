namespace PhoenixCore.Shard.Calls;

/// <summary>A call that may be answered once so much is committed.</summary>
internal struct Completion
{
    public ulong VisibleAfter;
    public int Waiter;

    /// <summary>What has to be confirmed by other copies first; 0 = nothing.</summary>
    public ulong Round;
}
