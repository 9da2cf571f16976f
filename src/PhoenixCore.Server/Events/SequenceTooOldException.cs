namespace PhoenixCore.Server.Events;

/// <summary>The wanted events stand in segments that are no longer here.</summary>
/// <param name="oldest">The first event that can be read.</param>
public sealed class SequenceTooOldException(ulong oldest) : Exception($"the oldest event that can be read is {EventSequence.Format(oldest)}")
{
    public ulong Oldest => oldest;
}
