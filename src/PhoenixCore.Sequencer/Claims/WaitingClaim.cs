namespace PhoenixCore.Sequencer;

/// <summary>One claim in the queue; its links and state are touched only under the queue's lock.</summary>
/// <remarks>Continuations run on the pool, never on the thread that gave the slots: that would run a caller's code under our feet.</remarks>
internal sealed class WaitingClaim(int count) : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public int Count { get; } = count;

    public WaitingClaimState State { get; set; }

    public WaitingClaim? Previous { get; set; }

    public WaitingClaim? Following { get; set; }

    /// <summary>First position given; valid when <see cref="State"/> is granted.</summary>
    public long First { get; set; }
}
