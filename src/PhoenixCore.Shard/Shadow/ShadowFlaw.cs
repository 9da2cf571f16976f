namespace PhoenixCore.Shard.Shadow;

/// <summary>Where the shadow found another balance than its own.</summary>
public enum ShadowFlaw
{
    /// <summary>A durable fact says a balance that its amounts do not give: the live row was wrong when the fact was decided.</summary>
    Fact,

    /// <summary>A row in memory differs; no fact says so.</summary>
    LiveRow,

    /// <summary>The row agrees, but its lots or reservations do not add up to it.</summary>
    Parts,
}
