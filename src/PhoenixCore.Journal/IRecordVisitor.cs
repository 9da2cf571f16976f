namespace PhoenixCore.Journal;

/// <summary>Receives every record of the journal, in order, while it is being opened.</summary>
public unsafe interface IRecordVisitor
{
    /// <summary>One or more whole runs, verified, back to back: each record begins with a <see cref="RecordHeader"/> and its Length
    /// leads to the next.</summary>
    /// <param name="records">8-byte aligned native memory; valid only during the call.</param>
    /// <param name="bytes">Sum of the records' lengths; at most a group.</param>
    /// <param name="count">Number of records, at least 1.</param>
    /// <remarks>Called on the thread that called <see cref="Journal.Open"/>, while other threads read and verify what follows.</remarks>
    void VisitRun(byte* records, int bytes, int count);
}
