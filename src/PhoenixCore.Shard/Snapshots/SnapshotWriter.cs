using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Ledger.Audit;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Writes an image to a file in steps: copy all pieces, read all of them back, then complete. One thread.</summary>
/// <remarks>Nothing has the snapshot's name before it was read back whole from the device and its sequence is durable. Disposing earlier removes what was begun.</remarks>
internal sealed unsafe class SnapshotWriter : IDisposable
{
    private const int Page = SnapshotHeader.Page;

    private readonly IJournalStorage _storage;
    private readonly StateImage _image;
    private readonly string _name;
    private readonly SnapshotHeader* _header;
    private readonly byte* _piece;
    private readonly uint* _sums;
    private readonly int _sumBytes;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IJournalFile? _file;
    private StateDigest _digest = new();
    private PieceWalk _walk;
    private bool _readsBack;
    private bool _isNamed;

    /// <param name="sequence">Of the last fact in the image.</param>
    public SnapshotWriter(IJournalStorage storage, Guid shard, StateImage image, ulong sequence, long stamp, int rowsMax)
    {
        (_storage, _image) = (storage, image);
        _name = SnapshotNames.Of(sequence);
        _file = storage.Open(_name + SnapshotNames.Unfinished, JournalFileMode.CreateDirect); // first: a disk that refuses leaves nothing behind
        _header = (SnapshotHeader*)NativeMemory.AlignedAlloc(Page, Page);
        _piece = (byte*)NativeMemory.AlignedAlloc(SectionLine.PieceBytes, Page);
        new Span<byte>(_header, Page).Clear();
        *_header = new SnapshotHeader
        {
            Magic = SnapshotHeader.MagicValue,
            Format = SnapshotHeader.FormatValue,
            Shard = shard,
            Sequence = sequence,
            StampedAt = stamp,
            Layout = StateSection.Layout,
            RowsMax = rowsMax,
        };
        LayOut(image.Sections);
        _sumBytes = (int)SnapshotHeader.PageEnd((long)_header->Pieces * sizeof(uint));
        _sums = (uint*)NativeMemory.AlignedAlloc((nuint)_sumBytes, Page);
        new Span<byte>(_sums, _sumBytes).Clear();
        _header->Bytes = _header->PiecesAt + _sumBytes;
        _walk = new PieceWalk(_header);
    }

    /// <summary>Of the file when it is whole.</summary>
    public long Bytes => _header->Bytes;

    /// <summary>Bytes that the last step has moved.</summary>
    public int StepBytes { get; private set; }

    /// <summary>Copies the next piece of the image to the file.</summary>
    /// <returns>False when all are copied: the image is not needed any more.</returns>
    public bool CopyNext()
    {
        if (!_walk.MoveNext()) return false;
        var padded = (int)SnapshotHeader.PageEnd(_walk.Bytes);
        _image.Read(_image.Sections[_walk.Section], _walk.OffsetInSection, _piece, _walk.Bytes);
        new Span<byte>(_piece + _walk.Bytes, padded - _walk.Bytes).Clear();
        _sums[_walk.Piece] = Crc32C.Of(_piece, padded);
        _file!.Write(_walk.Offset, _piece, padded);
        StepBytes = padded;
        return true;
    }

    /// <summary>Reads the next piece from the device and compares it.</summary>
    /// <returns>False when all of them are what was copied.</returns>
    public bool ReadBackNext()
    {
        if (!_readsBack) BeginReadingBack();
        var section = _walk.Section;
        if (!_walk.MoveNext())
        {
            BeginDigest(section + 1, _header->Sections);
            return false;
        }

        BeginDigest(section + 1, _walk.Section + 1);
        var padded = (int)SnapshotHeader.PageEnd(_walk.Bytes);
        var line = SnapshotHeader.Lines(_header)[_walk.Section];
        if (_file!.Read(_walk.Offset, _piece, padded) != padded || Crc32C.Of(_piece, padded) != _sums[_walk.Piece])
            throw new SnapshotUnusableException(_name, SnapshotFlaw.Damaged, line.Table.ToString(), _walk.Offset, "the device gives back other bytes than were written.");
        _hash.AppendData(new ReadOnlySpan<byte>(_piece, padded));
        if (StateDigest.Covers(line.Table)) _digest.Add(line.Section, _piece, _walk.Bytes);
        StepBytes = padded;
        return true;
    }

    /// <summary>Gives the file its first page and its name, once its sequence is durable.</summary>
    /// <param name="position">Of the image's sequence, as the durable journal has it.</param>
    public SnapshotInfo Complete(in JournalPosition position, ulong epoch)
    {
        if (position.Sequence != _header->Sequence) throw new ArgumentException("the position is not the image's", nameof(position));
        (_header->Chain, _header->Epoch) = (position.Chain, epoch);
        (_header->DigestLow, _header->DigestHigh) = ((ulong)(_digest.Value & ulong.MaxValue), (ulong)(_digest.Value >> 64));
        Reopen(JournalFileMode.ReadWriteDirect);
        WriteSums();
        _hash.AppendData(new ReadOnlySpan<byte>(_sums, _sumBytes));
        _hash.AppendData(new ReadOnlySpan<byte>(_header, Page)); // checksum and hash are still zero
        _hash.GetHashAndReset(new Span<byte>(_header->Hash, SnapshotHeader.HashBytes));
        _header->Checksum = Crc32C.Of((byte*)_header + SnapshotHeader.ChecksumFrom, Page - SnapshotHeader.ChecksumFrom);
        Write(0, (byte*)_header, Page);
        Reopen(JournalFileMode.ReadDirect);
        Compare(0, (byte*)_header, Page, "first page");
        Compare(_header->PiecesAt, (byte*)_sums, _sumBytes, "checksums of pieces");
        _file!.Dispose();
        _file = null;
        _storage.Rename(_name + SnapshotNames.Unfinished, _name);
        _isNamed = true;
        _storage.SyncDirectory();
        return SnapshotReader.Describe(_name, _header);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _hash.Dispose();
        NativeMemory.AlignedFree(_header);
        NativeMemory.AlignedFree(_piece);
        NativeMemory.AlignedFree(_sums);
        if (_isNamed) return;
        try
        {
            _storage.Delete(_name + SnapshotNames.Unfinished);
        }
        catch (JournalIoException)
        {
            // The next opening removes it.
        }
    }

    private void LayOut(StateSection[] sections)
    {
        if (sections.Length > SnapshotHeader.LinesMax) throw new InvalidOperationException("more tables than a snapshot's first page has lines for");
        var (offset, pieces) = ((long)Page, 0);
        for (var i = 0; i < sections.Length; i++)
        {
            var section = sections[i];
            ref var line = ref SnapshotHeader.Lines(_header)[i];
            line = new SectionLine { Table = section.Table, RowBytes = section.RowBytes, Offset = offset, Bytes = section.Bytes, FirstPiece = pieces, First = section.First, Second = section.Second, Third = section.Third };
            offset += SnapshotHeader.PageEnd(section.Bytes);
            pieces += line.Pieces;
        }

        (_header->Sections, _header->Pieces, _header->PiecesAt) = (sections.Length, pieces, offset);
    }

    private void BeginReadingBack()
    {
        _readsBack = true;
        _file!.SyncData();
        Reopen(JournalFileMode.ReadDirect);
        _walk = new PieceWalk(_header);
    }

    /// <summary>Sections without pieces count too.</summary>
    private void BeginDigest(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var line = SnapshotHeader.Lines(_header)[i];
            if (StateDigest.Covers(line.Table)) _digest.Begin(line.Section);
        }
    }

    private void WriteSums()
    {
        _header->PiecesSum = Crc32C.Of((byte*)_sums, _sumBytes);
        for (var i = 0; i < _header->Sections; i++)
        {
            ref var line = ref SnapshotHeader.Lines(_header)[i];
            line.Checksum = Crc32C.Of((byte*)(_sums + line.FirstPiece), line.Pieces * sizeof(uint));
        }

        Write(_header->PiecesAt, (byte*)_sums, _sumBytes);
    }

    private void Write(long offset, byte* bytes, int count)
    {
        _file!.Write(offset, bytes, count);
        _file.SyncData();
    }

    private void Compare(long offset, byte* expected, int bytes, string where)
    {
        for (var at = 0; at < bytes; at += SectionLine.PieceBytes)
        {
            var count = Math.Min(SectionLine.PieceBytes, bytes - at);
            if (_file!.Read(offset + at, _piece, count) != count || !new ReadOnlySpan<byte>(_piece, count).SequenceEqual(new ReadOnlySpan<byte>(expected + at, count)))
                throw new SnapshotUnusableException(_name, SnapshotFlaw.Damaged, where, offset + at, "the device gives back other bytes than were written.");
        }
    }

    private void Reopen(JournalFileMode mode)
    {
        _file!.Dispose();
        _file = null;
        _file = _storage.Open(_name + SnapshotNames.Unfinished, mode);
        if (mode == JournalFileMode.ReadDirect) _file.DropCache();
    }
}
