namespace PhoenixCore.Ledger;

/// <summary>What looking ahead has found for a command: hints that Decide proves before it uses them. Default: nothing was found.</summary>
public struct Lookahead
{
    internal uint FirstTag;
    internal uint SecondTag;

    /// <summary>Handle of the account of the wallet acted on, or of the reservation.</summary>
    internal int First;

    /// <summary>Handle of the destination's account.</summary>
    internal int Second;
}
