namespace PhoenixCore.Replication.Messages;

/// <summary>What became of records that a leader sent.</summary>
public enum AppendAnswer
{
    /// <summary>Durable.</summary>
    Taken,

    /// <summary>The copy has promised a higher epoch: who sent them leads no more.</summary>
    Stale,

    /// <summary>They do not follow what the copy has: say hello again.</summary>
    Mismatch,
}
