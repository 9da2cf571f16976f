namespace PhoenixCore.Server.Edge;

/// <summary>Texts as a change makes them out of those that the ledger holds.</summary>
/// <param name="MadeFrom">Names what they were made from; the ledger refuses the command when something else has come since.</param>
/// <param name="Name">UTF-8; null = none.</param>
/// <param name="Json">Metadata or attributes, canonical; null = none.</param>
/// <param name="IsTooLarge">They pass the limits: no command may carry them.</param>
internal sealed record TextUpdate(ulong MadeFrom, byte[]? Name, byte[]? Json, bool IsTooLarge = false)
{
    /// <summary>Names nothing: the command is answered by its key or not at all.</summary>
    public static readonly TextUpdate TooLarge = new(ulong.MaxValue, null, null, IsTooLarge: true);
}
