namespace PhoenixCore.Replication;

/// <summary>A copy may not lead. Nothing was changed.</summary>
/// <param name="needsAcceptance">It may if an operator accepts that it will be the only copy.</param>
public sealed class PromotionRefusedException(string why, bool needsAcceptance = false) : Exception(why)
{
    /// <summary>It may if an operator accepts that it will be the only copy.</summary>
    public bool NeedsAcceptance { get; } = needsAcceptance;
}
