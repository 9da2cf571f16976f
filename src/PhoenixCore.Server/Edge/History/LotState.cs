namespace PhoenixCore.Server.Edge.History;

/// <summary>What has become of a lot.</summary>
internal enum LotState
{
    Active,

    /// <summary>Used up before it expired.</summary>
    Depleted,

    /// <summary>Its time was over; a reservation may still hold some of it.</summary>
    Expired,
}
