using PhoenixCore.Faults.Driver;
using PhoenixCore.Ledger;

namespace PhoenixCore.Faults.Tests;

/// <summary>The load's ledger once more, as plainly as it can be said: what each operation answers and what it leaves behind.</summary>
internal sealed class Books
{
    private readonly Int128[] _available = new Int128[LoadShard.Wallets];
    private readonly Int128[] _reserved = new Int128[LoadShard.Wallets];
    private readonly Dictionary<ulong, (int Wallet, long Amount)> _pending = [];
    private readonly HashSet<ulong> _ended = [];

    public (Int128 Available, Int128 Reserved) this[int wallet] => (_available[wallet], _reserved[wallet]);

    /// <summary>Applies an operation that the journal holds at a sequence.</summary>
    /// <returns>What the caller has to be told.</returns>
    public LedgerResult Apply(in Operation operation, ulong sequence) => operation.Kind switch
    {
        OperationKind.Credit => Credit(operation.Wallet, operation.Amount),
        OperationKind.Transfer => Transfer(operation.Wallet, operation.Other, operation.Amount),
        OperationKind.Reserve => Reserve(operation.Wallet, operation.Amount, Numbers.Of(sequence, 1)),
        OperationKind.Commit => End(operation.Subject, operation.Amount, operation.Other),
        OperationKind.Release => End(operation.Subject, 0, 0),
    };

    private LedgerResult Credit(int wallet, long amount)
    {
        _available[wallet] += amount;
        return LedgerResult.Accepted;
    }

    private LedgerResult Transfer(int from, int to, long amount)
    {
        if (_available[from] < amount) return LedgerResult.InsufficientBalance;
        _available[from] -= amount;
        _available[to] += amount;
        return LedgerResult.Accepted;
    }

    private LedgerResult Reserve(int wallet, long amount, ulong number)
    {
        if (_available[wallet] < amount) return LedgerResult.InsufficientBalance;
        _available[wallet] -= amount;
        _reserved[wallet] += amount;
        _pending.Add(number, (wallet, amount));
        return LedgerResult.Accepted;
    }

    /// <summary>Captures so much of a reservation and gives the rest back.</summary>
    private LedgerResult End(ulong number, long captured, int to)
    {
        if (!_pending.Remove(number, out var held)) return _ended.Contains(number) ? LedgerResult.ReservationNotActive : LedgerResult.ReservationNotFound;
        _ended.Add(number);
        _reserved[held.Wallet] -= held.Amount;
        _available[held.Wallet] += held.Amount - captured;
        if (captured > 0) _available[to] += captured;
        return LedgerResult.Accepted;
    }
}
