namespace PhoenixCore.Shard;

/// <summary>What the opening of a shard is at.</summary>
public enum OpeningPhase
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Loading a snapshot.</summary>
    Snapshot,

    /// <summary>Reading and applying the journal.</summary>
    Journal,

    /// <summary>Raising the epoch, preparing segments, starting threads.</summary>
    Starting,

    /// <summary>Done.</summary>
    Open,
}
