namespace PhoenixCore.Shard.History;

/// <summary>A search had to look at more facts than one request may: the newest part of the journal has no side index yet. Later it will do.</summary>
public sealed class HistoryLimitException() : Exception("the search passed its bound; side indexes are behind");
