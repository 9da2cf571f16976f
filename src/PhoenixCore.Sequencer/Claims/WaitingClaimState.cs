namespace PhoenixCore.Sequencer;

/// <summary>Where a waiting claim stands: the last two are final, and exactly one of them is reached.</summary>
internal enum WaitingClaimState
{
    Created,
    Queued,
    Granted,
    Dropped,
}
