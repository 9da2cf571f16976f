namespace PhoenixCore.Journal.Background;

/// <summary>All background work of one journal. Keys: null without an indexer.</summary>
internal sealed record JournalBackground(SegmentWork Segments, SideIndexWork SideIndexes, KeyIndexWork? Keys);
