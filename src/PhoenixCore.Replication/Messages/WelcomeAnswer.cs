namespace PhoenixCore.Replication.Messages;

/// <summary>What a copy does with a welcome.</summary>
public enum WelcomeAnswer
{
    /// <summary>It follows from here on.</summary>
    Follows,

    /// <summary>It has promised a higher epoch.</summary>
    Stale,

    /// <summary>It belongs to another history.</summary>
    OtherTimeline,

    /// <summary>Its journal has to be cut to the agreement first; then it says hello again.</summary>
    MustCut,
}
