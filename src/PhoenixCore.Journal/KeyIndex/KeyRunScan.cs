using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>A run's rows in order, read past the page cache; every page is verified. One thread.</summary>
internal sealed unsafe class KeyRunScan : IDisposable
{
    private const int PiecePages = 64;

    private readonly KeyRun _run;
    private readonly IJournalFile _file;
    private readonly KeyPage* _piece;
    private readonly long _pageCount;
    private long _nextPage;
    private int _loaded;
    private int _page;
    private int _row;

    public KeyRunScan(IJournalStorage storage, KeyRun run)
    {
        _run = run;
        _pageCount = KeyPage.PagesFor(run.Keys);
        _file = storage.Open(run.Name, JournalFileMode.ReadDirect);
        _piece = (KeyPage*)NativeMemory.AlignedAlloc(PiecePages * Page.Size, Page.Size);
        try
        {
            Settle();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public bool IsAtEnd { get; private set; }

    /// <summary>The present row; not at the end.</summary>
    public KeyRow Row => KeyPage.Rows(_piece + _page)[_row];

    /// <exception cref="KeyRunDamagedException">The next page is not what was written.</exception>
    public void MoveNext()
    {
        if (++_row < (int)_piece[_page].Count)
            return;
        _row = 0;
        _page++;
        Settle();
    }

    public void Dispose()
    {
        _file.Dispose();
        NativeMemory.AlignedFree(_piece);
    }

    private void Settle()
    {
        if (_page < _loaded)
            return;
        _page = 0;
        _loaded = (int)Math.Min(PiecePages, _pageCount - _nextPage);
        IsAtEnd = _loaded == 0;
        if (IsAtEnd)
            return;
        if (_file.Read(Page.Size * (_nextPage + 1), (byte*)_piece, _loaded * Page.Size) != _loaded * Page.Size)
            throw new KeyRunDamagedException(_run, "it ends too early");
        for (var i = 0; i < _loaded; i++)
        {
            if (!KeyPage.IsWhole(_piece + i, _run.Span.First, _run.Span.Last, _nextPage + i))
                throw new KeyRunDamagedException(_run, $"page {_nextPage + i} is damaged");
        }
        _nextPage += _loaded;
    }
}
