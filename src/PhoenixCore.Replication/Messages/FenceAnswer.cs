namespace PhoenixCore.Replication.Messages;

/// <summary>A copy's answer to a fence.</summary>
/// <param name="IsGranted">It has promised, durably, to take nothing of a lower epoch.</param>
/// <param name="Promised">What it has promised now, to this leader or another.</param>
/// <param name="LastEpoch">Of its last record; with <paramref name="LastSequence"/> it says who has most.</param>
public sealed record FenceAnswer(bool IsGranted, ulong Promised, ulong LastEpoch, ulong LastSequence, Guid Incarnation, Guid Timeline);
