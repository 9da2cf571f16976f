using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

/// <summary>Writes the postings that move value from one account to another, slice by slice, keeping the running balances and choosing the receiving lot.</summary>
/// <remarks>The rule "receiving lot" of LEDGER.md. Changes no state; new handles are looked ahead, not taken.</remarks>
internal sealed unsafe class PostingFlow
{
    private readonly LedgerState _state;
    private int _asset;
    private int _debit;
    private ulong _debitWallet;
    private ulong _creditWallet;
    private bool _pooled;
    private bool _oneLot;
    private int _credit;
    private bool _creditIsNew;
    private Int128 _debitAvailable;
    private Int128 _debitReserved;
    private Int128 _creditAvailable;
    private ulong _debitPrevious;
    private ulong _creditPrevious;

    // The lot that takes in, while it does; 0 = the next slice makes one.
    private int _lot;
    private ulong _lotNumber;
    private int _lotTerms;
    private bool _ownLotIsFree;
    private RowCursor _newLots;

    public PostingFlow(LedgerState state) => _state = state;

    /// <param name="credit">0 = the account does not exist yet and the first posting makes it.</param>
    /// <param name="mayMerge">A newest lot that came from a transfer takes in equal terms (credits always make a new lot).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PostingFlow Start(int asset, int debit, int credit, ulong creditWallet, bool pooled, bool mayMerge)
    {
        _asset = asset;
        _debit = debit;
        _credit = credit;
        _creditWallet = creditWallet;
        _pooled = pooled;
        _oneLot = pooled;
        _lot = 0;
        _newLots = default;
        var from = _state.Accounts.Read(debit);
        _debitWallet = from->Wallet;
        _debitAvailable = from->Available;
        _debitReserved = (from->Flags & AccountFlags.Holds) != 0 ? from->Reserved : 0;
        _debitPrevious = from->LastEntry;
        _creditIsNew = credit == 0;
        if (_creditIsNew)
        {
            RowCursor accounts = default;
            _credit = _state.Accounts.Upcoming(ref accounts);
            _creditAvailable = 0;
            _creditPrevious = 0;
            _ownLotIsFree = true;
            return this;
        }

        var to = _state.Accounts.Read(credit);
        _creditAvailable = to->Available;
        _creditPrevious = to->LastEntry;
        if (pooled)
        {
            SetLot(to->FirstLot, 0);
            return this;
        }

        _ownLotIsFree = _state.Lots.IsOwnFree(credit);
        if (mayMerge && to->LastLot != 0) TryMergeInto(to->LastLot);
        return this;
    }

    /// <summary>From here on everything arrives in one new lot, whatever terms the slices have.</summary>
    public void IntoNewLot()
    {
        _lot = 0;
        _oneLot = true;
    }

    /// <summary>From here on everything arrives in this lot of the credited account.</summary>
    public void Into(int lot)
    {
        SetLot(lot, 0);
        _oneLot = true;
    }

    /// <summary>One slice: debited from the lot's available (or reserved) column, credited as available.</summary>
    /// <param name="takenBefore">What an earlier posting of the same part takes from the lot.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move(int lot, Int128 amount, bool debitReserved, ref FactWriter writer, Int128 takenBefore = default)
    {
        var source = _state.Lots.Read(lot);
        var flags = debitReserved ? PostingFlags.DebitReserved : PostingFlags.None;
        if ((source->Flags & LotFlags.Pooled) == 0 && source->Available + source->Reserved - takenBefore == amount)
            flags |= PostingFlags.DebitLotDepleted;

        if (_lot == 0 || (!_oneLot && source->Terms != _lotTerms)) flags |= NewLot(source->Terms, ref writer);
        if (_creditIsNew)
        {
            flags |= PostingFlags.CreditAccountCreated | (_pooled ? PostingFlags.CreditPooled : PostingFlags.None);
            _creditIsNew = false;
        }

        // Locals, not the fields again: reading back as 16 bytes what was written as two halves stalls the store buffer.
        var debitAfter = (debitReserved ? _debitReserved : _debitAvailable) - amount;
        if (debitReserved) _debitReserved = debitAfter;
        else _debitAvailable = debitAfter;
        var creditAfter = _creditAvailable + amount;
        _creditAvailable = creditAfter;
        var entry = Numbers.Of(writer.Sequence, writer.NextEntryOrdinal);
        var posting = writer.AddPosting();
        posting->DebitWallet = _debitWallet;
        posting->CreditWallet = _creditWallet;
        posting->DebitLot = source->Number;
        posting->CreditLot = _lotNumber;
        posting->DebitAccount = _debit;
        posting->CreditAccount = _credit;
        posting->DebitLotHandle = lot;
        posting->CreditLotHandle = _lot;
        posting->Amount = amount;
        posting->DebitAfter = debitAfter;
        posting->CreditAfter = creditAfter;
        posting->DebitPrevious = _debitPrevious;
        posting->CreditPrevious = _creditPrevious;
        posting->Flags = flags;
        posting->Zero = 0;
        posting->Asset = _asset;
        _debitPrevious = entry;
        _creditPrevious = entry + 1;
    }

    /// <summary>One slice within the debited account: between its own columns, same lot.</summary>
    public void Shift(int lot, Int128 amount, bool toReserved, ref FactWriter writer)
    {
        var source = _state.Lots.Read(lot);
        _debitAvailable += toReserved ? -amount : amount;
        _debitReserved += toReserved ? amount : -amount;
        var entry = Numbers.Of(writer.Sequence, writer.NextEntryOrdinal);
        *writer.AddPosting() = new Posting
        {
            DebitWallet = _debitWallet,
            CreditWallet = _debitWallet,
            DebitLot = source->Number,
            CreditLot = source->Number,
            DebitAccount = _debit,
            CreditAccount = _debit,
            DebitLotHandle = lot,
            CreditLotHandle = lot,
            Amount = amount,
            DebitAfter = toReserved ? _debitAvailable : _debitReserved,
            CreditAfter = toReserved ? _debitReserved : _debitAvailable,
            DebitPrevious = _debitPrevious,
            CreditPrevious = entry,
            Flags = toReserved ? PostingFlags.CreditReserved : PostingFlags.DebitReserved,
            Asset = _asset,
        };
        _debitPrevious = entry + 1;
    }

    /// <summary>Goes on from another flow's debited account, paying into a pooled account (the rest of a capture that goes to breakage).</summary>
    public void StartFrom(PostingFlow other, int credit)
    {
        Start(other._asset, other._debit, credit, _state.Accounts.Read(credit)->Wallet, pooled: true, mayMerge: false);
        Rejoin(other);
    }

    /// <summary>Takes the debited account's running balances back from another flow.</summary>
    public void Rejoin(PostingFlow other)
    {
        _debitAvailable = other._debitAvailable;
        _debitReserved = other._debitReserved;
        _debitPrevious = other._debitPrevious;
    }

    private void TryMergeInto(int lot)
    {
        var row = _state.Lots.Read(lot);
        if ((row->Flags & (LotFlags.FromTransfer | LotFlags.Expired)) == LotFlags.FromTransfer) SetLot(lot, row->Terms);
    }

    private void SetLot(int lot, int terms)
    {
        _lot = lot;
        _lotNumber = _state.Lots.Read(lot)->Number;
        _lotTerms = terms;
    }

    private PostingFlags NewLot(int terms, ref FactWriter writer)
    {
        _lot = _ownLotIsFree ? LotPool.Own(_credit) : _state.Lots.Upcoming(ref _newLots);
        _ownLotIsFree = false;
        _lotNumber = writer.NewNumber();
        _lotTerms = terms;
        return PostingFlags.CreditLotCreated;
    }
}
