using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Writes a run from rows in order: aside, past the page cache, synced, renamed, directory synced. One thread.</summary>
internal sealed unsafe class KeyRunWriter : IDisposable
{
    /// <summary>Rows that are written at once, as whole pages: close to 1 MiB.</summary>
    public const int PieceRows = PiecePages * KeyPage.RowsMax;
    private const int PiecePages = 256;

    private readonly IJournalStorage _storage;
    private readonly Guid _shard;
    private readonly KeySpan _span;
    private readonly long _keys;
    private readonly string _name;
    private readonly IJournalFile _file;
    private readonly KeyPage* _piece;
    private KeyTables? _tables;
    private long _added;
    private int _inPage;
    private int _inPiece;
    private long _pages;
    private long _tablesAt;

    /// <param name="keys">Exactly as many rows will be added.</param>
    public KeyRunWriter(IJournalStorage storage, Guid shard, in KeySpan span, long keys)
    {
        (_storage, _shard, _span, _keys) = (storage, shard, span, keys);
        _name = FileNames.KeyRun(span.First, span.Last);
        _tables = new KeyTables(keys);
        try
        {
            _file = storage.Open(_name + FileNames.Unfinished, JournalFileMode.CreateDirect);
        }
        catch
        {
            _tables.Dispose(); // a full disk is tried again every second
            throw;
        }
        _piece = (KeyPage*)NativeMemory.AlignedAlloc(PiecePages * Page.Size, Page.Size);
    }

    public void Add(in KeyRow row)
    {
        var tables = _tables!;
        var page = _piece + _inPiece;
        if (_inPage == 0)
            tables.FirstHashes[_pages + _inPiece] = row.Hash;
        KeyPage.Rows(page)[_inPage++] = row;
        KeyFilter.Add(tables.LineOf(row.Hash), row.Hash);
        _added++;
        if (_inPage == KeyPage.RowsMax || _added == _keys)
            ClosePage(page);
    }

    /// <summary>Writes the next piece of the tables, once all rows are there.</summary>
    /// <returns>False when all are written: <see cref="Complete"/> is next.</returns>
    public bool WriteTables()
    {
        Invariant.That(_added == _keys);
        var tables = _tables!;
        if (_tablesAt >= tables.Bytes)
            return false;
        var bytes = tables.PieceAt(_tablesAt);
        _file.Write((Page.Size * (tables.Pages + 1)) + _tablesAt, tables.Memory + _tablesAt, bytes);
        _tablesAt += bytes;
        return true;
    }

    /// <summary>Makes the run durable under its name and opens it.</summary>
    /// <param name="lastChecksum">The checksum of the span's last record.</param>
    public KeyRun Complete(uint lastChecksum)
    {
        WriteHeader(lastChecksum);
        _file.Sync();
        _storage.Rename(_name + FileNames.Unfinished, _name);
        _storage.SyncDirectory();
        var run = new KeyRun(_storage.Open(_name, JournalFileMode.Read), _tables!, _span, _keys);
        _tables = null; // the run's now
        return run;
    }

    public void Dispose()
    {
        _file.Dispose();
        NativeMemory.AlignedFree(_piece);
        if (_tables is null)
            return;
        _tables.Dispose();
        try
        {
            // What was begun is worthless now, above all its space.
            _storage.Delete(_name + FileNames.Unfinished);
        }
        catch (JournalIoException)
        {
            // The next opening removes it.
        }
    }

    private void ClosePage(KeyPage* page)
    {
        KeyPage.Close(page, _span.First, _span.Last, _pages + _inPiece, _inPage);
        _inPage = 0;
        _inPiece++;
        if (_inPiece < PiecePages && _added < _keys)
            return;
        _file.Write(Page.Size * (_pages + 1), (byte*)_piece, _inPiece * Page.Size);
        _pages += _inPiece;
        _inPiece = 0;
    }

    private void WriteHeader(uint lastChecksum)
    {
        var page = (byte*)_piece;
        new Span<byte>(page, Page.Size).Clear();
        *(KeyRunHeader*)page = new KeyRunHeader
        {
            Magic = KeyRunHeader.MagicValue,
            Format = KeyRunHeader.FormatValue,
            Shard = _shard,
            First = _span.First,
            Last = _span.Last,
            FirstStampedAt = _span.FirstStampedAt,
            LastStampedAt = _span.LastStampedAt,
            Keys = _keys,
            TablesChecksum = _tables!.Checksum(),
            LastChecksum = lastChecksum,
        };
        ((KeyRunHeader*)page)->Checksum = Crc32C.Of(page + KeyRunHeader.ChecksumFrom, Page.Size - KeyRunHeader.ChecksumFrom);
        _file.Write(0, page, Page.Size);
    }
}
