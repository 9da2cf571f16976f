namespace PhoenixCore.Server.Rest.Output;

/// <summary>As what a fact is shown.</summary>
internal enum FactShape
{
    /// <summary>The resource that its first part made or changed.</summary>
    Resource,

    /// <summary>A transfer, also where a reservation was captured.</summary>
    Transfer,
    TransferLegs,
    Batch,
    Transaction,
}
