namespace PhoenixCore.Journal.Tests;

/// <summary>Demands that records come in order, without a gap, with the bytes that were written.</summary>
internal sealed unsafe class CheckingVisitor(ulong after = 0) : IRecordVisitor
{
    public ulong LastSequence { get; private set; } = after;

    public int Runs { get; private set; }

    public void VisitRun(byte* records, int bytes, int count)
    {
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var header = (RecordHeader*)(records + at);
            var wrong = TestJournal.Check(*header, new ReadOnlySpan<byte>(records + at + RecordHeader.Size, header->PayloadBytes), LastSequence + 1);
            if (wrong is not null)
                throw new InvalidDataException(wrong);
            LastSequence++;
            at += (int)header->Length;
        }
        if (at != bytes || count == 0)
            throw new InvalidDataException("a run's bytes and count do not agree");
        Runs++;
    }
}
