using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Audit;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Reads a snapshot: its first page, its tables into a ledger, or all of it to prove that it is whole. One thread calls; loading may use a few.</summary>
/// <remarks>Every byte that is used has been checked. Errors: <see cref="SnapshotUnusableException"/>, also where the system cannot read.</remarks>
public sealed unsafe class SnapshotReader : IDisposable
{
    private const int Page = SnapshotHeader.Page;
    private const int ThreadsMax = 4;

    private readonly IJournalFile _file;
    private readonly string _name;
    private readonly SnapshotHeader* _header = (SnapshotHeader*)NativeMemory.AlignedAlloc(Page, Page);
    private uint* _sums;
    private long _done;

    private SnapshotReader(IJournalStorage storage, string name)
    {
        _name = name;
        try
        {
            _file = storage.Open(name, JournalFileMode.Read);
        }
        catch (JournalIoException error)
        {
            NativeMemory.AlignedFree(_header);
            throw Damaged("first page", 0, error.Message);
        }
    }

    public SnapshotInfo Info => Describe(_name, _header);

    /// <summary>0–1, of the loading or proving under way; any thread.</summary>
    public double Fraction => Math.Min(1, Volatile.Read(ref _done) / (double)Math.Max(1, _header->Bytes));

    /// <summary>Reads and checks the first page and the pieces' checksums.</summary>
    /// <param name="shard">Whose it must be; null = anybody's.</param>
    public static SnapshotReader Open(IJournalStorage storage, string name, Guid? shard)
    {
        var reader = new SnapshotReader(storage, name);
        try
        {
            reader.ReadHeader(shard);
            reader.ReadSums();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads every table to its place in a ledger that has applied nothing yet. After an exception the ledger is worth nothing.</summary>
    /// <param name="progress">Told of each piece.</param>
    /// <param name="ownThreads">A few threads read; else the calling one alone.</param>
    public void Load(LedgerCore ledger, OpeningProgress? progress = null, bool ownThreads = true)
    {
        if (_header->Layout != StateSection.Layout || _header->RowsMax != ledger.RowsMax) throw Other($"layout {_header->Layout} with {_header->RowsMax} rows reserved; this is {StateSection.Layout} with {ledger.RowsMax}.");
        var expected = ledger.Sections();
        if (expected.Length != _header->Sections) throw Other($"it has {_header->Sections} tables, and {expected.Length} are known.");
        var places = new nint[_header->Sections];
        for (var i = 0; i < places.Length; i++)
        {
            var section = SnapshotHeader.Lines(_header)[i].Section;
            places[i] = section.Table == expected[i].Table ? (nint)ledger.Place(section) : 0;
            if (places[i] == 0) throw Other($"table {section.Table} was laid out otherwise.");
        }

        LoadPieces(places, progress, ownThreads ? Math.Clamp(Environment.ProcessorCount, 1, ThreadsMax) : 1);
        ledger.Restored();
        if (ledger.Sequence != _header->Sequence) throw Damaged("Scalars", SnapshotHeader.Lines(_header)[0].Offset, $"the state is at sequence {ledger.Sequence}, the first page says {_header->Sequence}.");
    }

    /// <summary>Proves that every byte is what was written: checksums, hash and digest.</summary>
    public void Prove()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var digest = new StateDigest();
        var buffer = (byte*)NativeMemory.AlignedAlloc(SectionLine.PieceBytes, Page);
        try
        {
            var walk = new PieceWalk(_header);
            for (var begun = 0; ;)
            {
                var more = walk.MoveNext();
                for (; begun < Math.Min(_header->Sections, walk.Section + 1); begun++) BeginDigest(ref digest, begun);
                if (!more) break;
                ReadPiece(walk, buffer);
                hash.AppendData(new ReadOnlySpan<byte>(buffer, (int)SnapshotHeader.PageEnd(walk.Bytes)));
                var section = SnapshotHeader.Lines(_header)[walk.Section].Section;
                if (StateDigest.Covers(section.Table)) digest.Add(section, buffer, walk.Bytes);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }

        hash.AppendData(new ReadOnlySpan<byte>(_sums, (int)(_header->Bytes - _header->PiecesAt)));
        CheckHash(hash);
        if (digest.Value != _header->Digest) throw Damaged("first page", 0, $"the state's digest is {digest.Value:x32}, the first page says {_header->Digest:x32}.");
    }

    public void Dispose()
    {
        _file.Dispose();
        NativeMemory.AlignedFree(_header);
        NativeMemory.AlignedFree(_sums);
        _sums = null;
    }

    internal static SnapshotInfo Describe(string name, SnapshotHeader* header) => new(
        name, header->Shard, new JournalPosition(header->Sequence, header->Chain), header->Epoch, header->StampedAt, header->Digest, header->Bytes,
        Convert.ToHexStringLower(new ReadOnlySpan<byte>(header->Hash, SnapshotHeader.HashBytes)));

    private void ReadHeader(Guid? shard)
    {
        Read(0, (byte*)_header, Page, "first page");
        if (_header->Magic != SnapshotHeader.MagicValue) throw Damaged("first page", 0, "it does not begin like a snapshot.");
        if (_header->Format != SnapshotHeader.FormatValue) throw Other($"format {_header->Format}, and {SnapshotHeader.FormatValue} is known.");
        if (_header->Checksum != Crc32C.Of((byte*)_header + SnapshotHeader.ChecksumFrom, Page - SnapshotHeader.ChecksumFrom)) throw Damaged("first page", 0, "its checksum is wrong.");
        if (_header->Sections is < 1 or > SnapshotHeader.LinesMax || SnapshotNames.Of(_header->Sequence) != _name) throw Damaged("first page", 0, $"it says sequence {_header->Sequence} with {_header->Sections} tables.");
        if (shard is { } wanted && _header->Shard != wanted) throw new SnapshotUnusableException(_name, SnapshotFlaw.OtherShard, "first page", 0, $"it is of shard {_header->Shard}, and this is {wanted}.");
        if (_file.Length != _header->Bytes) throw Damaged("end", _file.Length, $"the file has {_file.Length} bytes and should have {_header->Bytes}.");
    }

    private void ReadSums()
    {
        var bytes = (int)(_header->Bytes - _header->PiecesAt);
        _sums = (uint*)NativeMemory.AlignedAlloc((nuint)bytes, Page);
        Read(_header->PiecesAt, (byte*)_sums, bytes, "checksums of pieces");
        if (Crc32C.Of((byte*)_sums, bytes) != _header->PiecesSum) throw Damaged("checksums of pieces", _header->PiecesAt, "their checksum is wrong.");
    }

    /// <summary>A few threads, each with the next piece that nobody has; the calling one is among them.</summary>
    private void LoadPieces(nint[] places, OpeningProgress? progress, int workers)
    {
        var pieces = new List<PieceWalk>(_header->Pieces);
        for (var walk = new PieceWalk(_header); walk.MoveNext();) pieces.Add(walk);
        ExceptionDispatchInfo? failure = null;
        var next = -1;
        var threads = Enumerable.Range(1, workers - 1).Select(_ => new Thread(Work) { Name = "snapshot-load", IsBackground = true }).ToList();
        foreach (var thread in threads) thread.Start();
        Work();
        foreach (var thread in threads) thread.Join();
        failure?.Throw();

        void Work()
        {
            var scratch = (byte*)NativeMemory.AlignedAlloc(SectionLine.PieceBytes, Page);
            try
            {
                for (int i; (i = Interlocked.Increment(ref next)) < pieces.Count && Volatile.Read(ref failure) is null;)
                {
                    LoadPiece(pieces[i], places[pieces[i].Section], scratch);
                    progress?.AdvanceSnapshot(pieces[i].Bytes);
                }
            }
            catch (Exception error)
            {
                // Thrown again where the loading was asked for.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
            }
            finally
            {
                NativeMemory.AlignedFree(scratch);
            }
        }
    }

    /// <summary>Whole pages go straight to their place; a section's end comes by way of the scratch, because of the zeros behind it.</summary>
    private void LoadPiece(in PieceWalk walk, nint place, byte* scratch)
    {
        var to = (byte*)place + walk.OffsetInSection;
        if (walk.Bytes % Page == 0)
        {
            ReadPiece(walk, to);
            return;
        }

        ReadPiece(walk, scratch);
        Buffer.MemoryCopy(scratch, to, walk.Bytes, walk.Bytes);
    }

    private void ReadPiece(in PieceWalk walk, byte* to)
    {
        var padded = (int)SnapshotHeader.PageEnd(walk.Bytes);
        var table = SnapshotHeader.Lines(_header)[walk.Section].Table.ToString();
        Read(walk.Offset, to, padded, table);
        if (Crc32C.Of(to, padded) != _sums[walk.Piece]) throw Damaged(table, walk.Offset, $"the checksum of piece {walk.Piece} is wrong.");
        Interlocked.Add(ref _done, padded);
    }

    private void BeginDigest(ref StateDigest digest, int line)
    {
        var section = SnapshotHeader.Lines(_header)[line].Section;
        if (StateDigest.Covers(section.Table)) digest.Begin(section);
    }

    private void CheckHash(IncrementalHash hash)
    {
        Span<byte> page = stackalloc byte[Page];
        new ReadOnlySpan<byte>(_header, Page).CopyTo(page);
        fixed (byte* bytes = page)
        {
            var copy = (SnapshotHeader*)bytes;
            copy->Checksum = 0;
            new Span<byte>(copy->Hash, SnapshotHeader.HashBytes).Clear();
        }

        hash.AppendData(page);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(new ReadOnlySpan<byte>(_header->Hash, SnapshotHeader.HashBytes))) throw Damaged("whole file", 0, "its hash is wrong.");
    }

    private void Read(long offset, byte* to, int bytes, string where)
    {
        try
        {
            if (_file.Read(offset, to, bytes) != bytes) throw Damaged(where, offset, "the file ends before it.");
        }
        catch (JournalIoException error)
        {
            throw Damaged(where, offset, error.Message);
        }
    }

    private SnapshotUnusableException Damaged(string where, long offset, string why) => new(_name, SnapshotFlaw.Damaged, where, offset, why);

    private SnapshotUnusableException Other(string why) => new(_name, SnapshotFlaw.OtherLayout, "first page", 0, why);
}
