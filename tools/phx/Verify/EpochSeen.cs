namespace PhoenixCore.Tools.Verify;

/// <summary>An epoch of the journal and where it begins.</summary>
internal sealed record EpochSeen(ulong Epoch, ulong FirstSequence, long FirstStampedAt);
