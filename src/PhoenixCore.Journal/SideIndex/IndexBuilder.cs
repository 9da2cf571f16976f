using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>Makes the side index of a sealed segment: written aside, synced, renamed. One thread; its lists are reused.</summary>
internal sealed unsafe class IndexBuilder(IJournalStorage storage, JournalOptions options, IRecordIndexer? indexer) : IIndexSink
{
    /// <summary>Entries that one row of an account stands for at most.</summary>
    public const int RunEntriesMax = 64;

    /// <summary>Sequences that one row of an account reaches over at most.</summary>
    public const ulong RunSequencesMax = 16_384;

    private readonly Dictionary<ulong, OpenRun> _open = [];
    private readonly List<AccountRow> _accounts = [];
    private readonly List<ReferenceRow> _references = [];
    private readonly List<DirectoryMark> _marks = [];
    private ulong _sequence;

    /// <summary>Indexes the segment and writes the file.</summary>
    /// <exception cref="RecordDamagedException">A record in it is not what was written.</exception>
    public void Build(SegmentEntry entry, MappedSegment map)
    {
        Clear();
        var walk = new GroupWalk(map.Address, entry.ValidEnd, options.ShardId, entry.Number);
        while (walk.TryNext(out var group))
            IndexGroup(entry, group, walk.Offset);
        Write(entry);
    }

    public void Account(ulong account, ulong entry, in Int128 balanceAfter)
    {
        ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, account, out var known);
        if (!known || run.Count == RunEntriesMax || _sequence - run.FirstSequence >= RunSequencesMax)
        {
            run = new OpenRun { Row = _accounts.Count, FirstSequence = _sequence };
            var row = new AccountRow { Account = account, FirstEntry = entry };
            (row.FirstBalanceHigh, row.FirstBalanceLow) = Halves(balanceAfter);
            _accounts.Add(row);
        }
        run.Count++;
        ref var last = ref CollectionsMarshal.AsSpan(_accounts)[run.Row];
        last.LastEntry = entry;
        (last.LastBalanceHigh, last.LastBalanceLow) = Halves(balanceAfter);
    }

    public void Reference(ulong referenceHash) => _references.Add(new ReferenceRow { Hash = referenceHash, Sequence = _sequence });

    private static (ulong High, ulong Low) Halves(Int128 value) => unchecked(((ulong)(value >> 64), (ulong)value));

    private void IndexGroup(SegmentEntry entry, GroupHeader* group, long offset)
    {
        var records = (byte*)group + GroupHeader.Size;
        var end = offset + GroupHeader.Size + group->Bytes;
        var nextMark = 0;
        for (var at = 0; at < (int)group->Bytes;)
        {
            var header = (RecordHeader*)(records + at);
            var place = offset + GroupHeader.Size + at;
            RecordCheck.Demand(header, (int)group->Bytes - at, entry.Number, place);
            if (at >= nextMark)
            {
                _marks.Add(new(header->Sequence, header->StampedAt, (uint)place, (uint)end));
                nextMark = at + DirectoryMark.Spacing;
            }
            _sequence = header->Sequence;
            indexer?.Index(*header, records + at + RecordHeader.Size, header->PayloadBytes, this);
            at += (int)header->Length;
        }
    }

    private void Clear()
    {
        _open.Clear();
        _accounts.Clear();
        _references.Clear();
        _marks.Clear();
    }

    private void Write(SegmentEntry entry)
    {
        _accounts.Sort();
        _references.Sort();
        var name = FileNames.Index(entry.Number);
        using (var file = storage.Open(name + FileNames.Unfinished, JournalFileMode.Create))
        {
            var sections = new IndexHeader.SectionTable();
            long offset = Page.Size;
            sections[0] = WriteSection(file, ref offset, (ReadOnlySpan<DirectoryMark>)CollectionsMarshal.AsSpan(_marks));
            sections[1] = WriteSection(file, ref offset, (ReadOnlySpan<AccountRow>)CollectionsMarshal.AsSpan(_accounts));
            sections[2] = WriteSection(file, ref offset, (ReadOnlySpan<ReferenceRow>)CollectionsMarshal.AsSpan(_references));
            WriteHeader(file, entry, sections);
            file.Sync();
        }
        storage.Rename(name + FileNames.Unfinished, name);
        storage.SyncDirectory();
    }

    private static IndexSection WriteSection<T>(IJournalFile file, ref long offset, ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(rows);
        var start = offset;
        uint checksum;
        fixed (byte* data = bytes)
        {
            checksum = Crc32C.Of(data, bytes.Length);
            file.Write(start, data, bytes.Length);
        }
        offset += bytes.Length;
        return new IndexSection { Offset = start, Count = rows.Length, Checksum = checksum };
    }

    private void WriteHeader(IJournalFile file, SegmentEntry entry, in IndexHeader.SectionTable sections)
    {
        var page = stackalloc byte[Page.Size];
        new Span<byte>(page, Page.Size).Clear();
        *(IndexHeader*)page = new IndexHeader
        {
            Magic = IndexHeader.MagicValue,
            Format = IndexHeader.FormatValue,
            Shard = options.ShardId,
            Segment = entry.Number,
            ValidEnd = entry.ValidEnd,
            FirstSequence = entry.FirstSequence,
            LastSequence = entry.LastSequence,
            FirstStampedAt = entry.FirstStampedAt,
            LastStampedAt = entry.LastStampedAt,
            Sections = sections,
        };
        ((IndexHeader*)page)->Checksum = Crc32C.Of(page + IndexHeader.ChecksumFrom, Page.Size - IndexHeader.ChecksumFrom);
        file.Write(0, page, Page.Size);
    }

    /// <summary>The row that an account's next entry belongs to, while it has room.</summary>
    private struct OpenRun
    {
        public int Row;
        public int Count;
        public ulong FirstSequence;
    }
}
