namespace PhoenixCore.Shard.History.Search;

/// <summary>Which entries of an account a search is after.</summary>
public enum EntryColumn
{
    Any,
    Available,
    Reserved,
}
