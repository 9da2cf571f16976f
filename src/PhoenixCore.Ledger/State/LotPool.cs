using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger.State;

/// <summary>Lots: each account has one of its own behind its row, further ones come from a pool behind all accounts.</summary>
/// <remarks>
/// A handle counts 128-byte units from the first account row, so that both kinds are found by one multiplication: the odd units of the accounts'
/// part are their own lots. Handle 0 is "none"; unit 1, behind the account row that is none, holds the count of own lots in use.
/// </remarks>
internal sealed unsafe class LotPool
{
    private readonly UndoLog _undo;
    private readonly byte* _base;
    private readonly int _firstPooled;
    private readonly RowPool<LotRow> _pool;

    /// <param name="memory">The account rows' memory; behind them room for as many lots.</param>
    /// <param name="capacity">Accounts, and lots beyond their own.</param>
    public LotPool(byte* memory, int capacity, UndoLog undo)
    {
        _undo = undo;
        _base = memory;
        _firstPooled = capacity * (AccountRow.SizeBytes / LotRow.SizeBytes);
        _pool = new RowPool<LotRow>(memory + ((long)capacity * AccountRow.SizeBytes), capacity, undo);
    }

    /// <summary>No handle is that high. Below it some name account rows, whose bytes at a lot's places are none's.</summary>
    public int End => _firstPooled + _pool.End;

    public int Live => _pool.Live + *OwnLive;

    /// <summary>The pool behind the accounts; their own lots lie among the account rows.</summary>
    public RowPool<LotRow> Pooled => _pool;

    private int* OwnLive => (int*)(_base + AccountRow.OwnLotOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LotRow* Read(int handle) => (LotRow*)unchecked(_base + ((nint)handle * LotRow.SizeBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LotRow* Write(int handle)
    {
        var row = Read(handle);
        if (_undo.Active) _undo.Save(row, LotRow.SizeBytes);
        return row;
    }

    /// <summary>True while the account's own place is empty: its next lot will lie there.</summary>
    public bool IsOwnFree(int account) => Read(Own(account))->Number == 0;

    public static int Own(int account) => (account * (AccountRow.SizeBytes / LotRow.SizeBytes)) + 1;

    /// <summary>The handle that the pool behind the accounts will give next; see <see cref="RowPool{T}.Upcoming"/>.</summary>
    public int Upcoming(ref RowCursor cursor) => _firstPooled + _pool.Upcoming(ref cursor);

    /// <summary>Takes a place for a new lot of the account; cleared.</summary>
    public int Allocate(int account)
    {
        if (!IsOwnFree(account)) return _firstPooled + _pool.Allocate();
        CountOwn(1);
        return Own(account);
    }

    public void Free(int handle)
    {
        if (handle >= _firstPooled)
        {
            _pool.Free(handle - _firstPooled);
            return;
        }

        *Write(handle) = default;
        CountOwn(-1);
    }

    private void CountOwn(int change)
    {
        if (_undo.Active) _undo.Save(OwnLive, sizeof(int));
        *OwnLive += change;
    }
}
