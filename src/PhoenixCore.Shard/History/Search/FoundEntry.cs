namespace PhoenixCore.Shard.History.Search;

/// <summary>An entry of an account and the balance of its column after it.</summary>
/// <param name="Number">Sequence and ordinal; 0 = there is none.</param>
/// <param name="Previous">The account's entry before it; 0 = it is the first.</param>
public readonly record struct FoundEntry(ulong Number, Int128 Balance, ulong Previous)
{
    public bool Exists => Number != 0;
}
