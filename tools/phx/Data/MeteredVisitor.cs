using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Data;

/// <summary>Counts what passes, so that another thread can draw how far a replay has come.</summary>
internal sealed unsafe class MeteredVisitor(IRecordVisitor inner, long bytesExpected) : IRecordVisitor
{
    private long _bytes;

    /// <summary>0–1; any thread.</summary>
    public double Fraction => Math.Min(1.0, Volatile.Read(ref _bytes) / (double)Math.Max(1, bytesExpected));

    public void VisitRun(byte* records, int bytes, int count)
    {
        inner.VisitRun(records, bytes, count);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }
}
