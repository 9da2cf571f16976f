namespace PhoenixCore.Shard.Calls;

/// <summary>A call that may be answered once so much is committed.</summary>
internal struct Completion
{
    public ulong VisibleAfter;
    public int Waiter;
}
