namespace PhoenixCore.Sequencer;

/// <summary>Where the queue of waiting claims takes slots from, without asking whether others wait.</summary>
internal interface IClaimSource
{
    bool TryTake(int count, out long first);
}
