namespace PhoenixCore.Journal;

/// <summary>Tells what the side index of a sealed segment should hold for one record. Supplied by whoever knows payloads.</summary>
public unsafe interface IRecordIndexer
{
    /// <summary>Reports the record's accounts and references to the sink.</summary>
    /// <remarks>Called in sequence order on a background thread; must not depend on live state, since an index may be rebuilt years later.</remarks>
    void Index(in RecordHeader header, byte* payload, int payloadBytes, IIndexSink sink);

    /// <summary>The idempotency key (hashed with its tenant) that the record answers.</summary>
    /// <returns>False when it has none.</returns>
    /// <remarks>Called on the committer's thread for each record: it must be quick and must not allocate. Also on others.</remarks>
    bool TryReadKey(in RecordHeader header, byte* payload, out UInt128 key);
}
