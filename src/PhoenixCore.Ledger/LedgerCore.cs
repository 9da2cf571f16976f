using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using PhoenixCore.Ledger.Audit;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Lots;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger;

/// <summary>The ledger of one shard: decide, then apply. No clock, no files, no threads; the caller is its only writer.</summary>
/// <remarks>
/// Live: <see cref="Decide"/> writes a fact, the caller appends it, <see cref="Apply"/> changes the books. Recovery and followers: Apply alone.
/// Everything lies in native memory; nothing is allocated on the garbage-collected heap per command.
/// </remarks>
public sealed unsafe class LedgerCore : IDisposable
{
    private readonly LedgerState _state;
    private readonly Applier _applier;
    private readonly Decider _decider;
    private readonly StateReader _reader;
    private readonly LotWalks _walks;

    public LedgerCore(LedgerOptions options)
    {
        _state = new LedgerState(options);
        _applier = new Applier(_state);
        _decider = new Decider(_state, _applier);
        _reader = new StateReader(_state);
        _walks = new LotWalks(_state.Lots);
    }

    /// <summary>Of the last applied fact; the next one has one more.</summary>
    public ulong Sequence => _state.Scalars->Sequence;

    /// <summary>Of the last applied fact, unix nanoseconds.</summary>
    public long Stamp => _state.Scalars->Stamp;

    /// <summary>Sequence of the newest key that memory has forgotten; 0 = none.</summary>
    public ulong KeysForgottenUpTo => _state.Keys.Since;

    /// <summary>What memory holds, for metrics and the README.</summary>
    public LedgerCounts Counts => new(_state.Wallets.Live, _state.Accounts.Live, _state.Lots.Live, _state.Reservations.Live, _state.Timers.Count, _state.Keys.Bytes,
        _state.AccountIndex.Bytes + _state.WalletIndex.Bytes + _state.AliasIndex.Bytes + _state.ReservationIndex.Bytes);

    /// <summary>Says what becomes of a command; changes nothing.</summary>
    /// <param name="ahead">What looking ahead has found; default: nothing.</param>
    /// <param name="stamp">Unix nanoseconds, never less than the last applied fact's.</param>
    /// <param name="payload">Where a fact may be written, 8-byte aligned.</param>
    /// <param name="room">At least <see cref="RoomFor"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Outcome Decide(Command* command, in Lookahead ahead, long stamp, byte* payload, int room) => _decider.Decide(command, ahead, stamp, payload, room);

    /// <summary>Bytes that the command's fact may need.</summary>
    public static int RoomFor(Command* command) =>
        command->Kind is CommandKind.AtomicBatch or CommandKind.TransferLegs or CommandKind.ReverseTransfer ? LedgerLimits.FactBytesMax : LedgerLimits.OperationBytesMax;

    /// <summary>Changes the books as the fact says.</summary>
    /// <exception cref="InvariantBrokenException">The fact does not fit this state.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(byte* payload, in FactContext context) => _applier.Apply(payload, context);

    /// <summary>Writes the next expiry that is due as a fact (append and apply it, then ask again). False: nothing more within the steps.</summary>
    public bool TryDecideSweep(long stamp, ref int steps, byte* payload, int room, out Outcome outcome, out uint tenant) =>
        _decider.TryDecideSweep(stamp, ref steps, payload, room, out outcome, out tenant);

    /// <summary>Copies the answer of a read (an outcome of kind Read) out of the state.</summary>
    public LedgerResult Answer(Command* command, byte* to, int room, out int bytes) =>
        command->Kind == CommandKind.EvaluatePolicy ? _decider.Evaluate(command, to, room, out bytes) : _reader.Answer(command, to, room, out bytes);

    /// <summary>Fetches a command that will be looked at soon: another core has just written it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchCommand(Command* command)
    {
        var line = (byte*)command;
        Prefetch(line);
        Prefetch(unchecked(line + 64));
        Prefetch(unchecked(line + 128));
        Prefetch(unchecked(line + 192));
    }

    /// <summary>First of three looks ahead at a command that will be decided soon: the index slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchIndexes(Command* command, out Lookahead ahead)
    {
        ahead = default;
        if (command->Has(CommandFlags.HasKey)) _state.Keys.Prefetch(command->KeyLo, command->KeyHi);
        switch (command->Kind)
        {
            case CommandKind.CreateTransfer:
                var asset = _state.FindAsset(command->Tenant, command->AssetCode);
                ahead.FirstTag = HandleTable.TagOf(LedgerState.AccountHash(command->Wallet, asset));
                ahead.SecondTag = HandleTable.TagOf(LedgerState.AccountHash(command->Other, asset));
                _state.AccountIndex.Prefetch(ahead.FirstTag);
                _state.AccountIndex.Prefetch(ahead.SecondTag);
                break;
            case CommandKind.CreateCredit or CommandKind.CreateDebit or CommandKind.CreateReservation:
                ahead.FirstTag = HandleTable.TagOf(LedgerState.AccountHash(command->Wallet, _state.FindAsset(command->Tenant, command->AssetCode)));
                _state.AccountIndex.Prefetch(ahead.FirstTag);
                break;
            case CommandKind.CommitReservation or CommandKind.ReleaseReservation:
                ahead.FirstTag = HandleTable.TagOf(Mix.Of(command->Subject));
                _state.ReservationIndex.Prefetch(ahead.FirstTag);
                break;
            default:
                break;
        }
    }

    /// <summary>Second look ahead: the rows behind the index slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchRows(Command* command, ref Lookahead ahead)
    {
        switch (command->Kind)
        {
            case CommandKind.CreateTransfer:
                ahead.First = PrefetchAccount(ahead.FirstTag);
                ahead.Second = PrefetchAccount(ahead.SecondTag);
                break;
            case CommandKind.CreateCredit or CommandKind.CreateDebit or CommandKind.CreateReservation:
                ahead.First = PrefetchAccount(ahead.FirstTag);
                break;
            case CommandKind.CommitReservation or CommandKind.ReleaseReservation:
                var reservation = _state.ReservationIndex.Guess(ahead.FirstTag);
                if (reservation >= LedgerState.FinishedBase) break;
                ahead.First = reservation;
                Prefetch(_state.Reservations.Read(reservation));
                Prefetch(&_state.Reservations.Read(reservation)->First);
                break;
            default:
                break;
        }
    }

    /// <summary>Third look ahead: what the rows point to, where that is not beside them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchLots(Command* command, in Lookahead ahead)
    {
        if (command->Kind is CommandKind.CommitReservation or CommandKind.ReleaseReservation)
        {
            var reservation = _state.Reservations.Read(ahead.First);
            Prefetch(_state.Lots.Read(reservation->First.Lot));
            PrefetchAccountRow(reservation->Account);
            Prefetch(_state.Accounts.Read(reservation->Account));
            return;
        }

        var account = _state.Accounts.Read(ahead.First);
        if (account->FirstLot != LotPool.Own(ahead.First)) Prefetch(_state.Lots.Read(account->FirstLot));
        if (_walks.Count != 0) _walks.Step(); // before this command's own begins: its first lot has only just been asked for
        if (account->FirstLot != account->LastLot && command->Kind != CommandKind.CreateCredit) _walks.Begin(account->FirstLot, command->Amount);
        if (command->Kind == CommandKind.CreateReservation || (account->Flags & AccountFlags.AnyPolicy) != 0) Prefetch(account);
        if (command->Kind != CommandKind.CreateTransfer) return;
        account = _state.Accounts.Read(ahead.Second);
        if (account->LastLot != LotPool.Own(ahead.Second)) Prefetch(_state.Lots.Read(account->LastLot));
    }

    /// <summary>After the third look, of a wallet that policies govern: its row, then the list of its policies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchPolicies(Command* command, in Lookahead ahead, bool isList)
    {
        if (command->Kind is CommandKind.CommitReservation or CommandKind.ReleaseReservation) return;
        var account = _state.Accounts.Read(ahead.First);
        if ((account->Flags & AccountFlags.AnyPolicy) == 0) return;
        var wallet = _state.Wallets.Read(account->WalletHandle);
        Prefetch(isList ? _state.Bindings.Read(wallet->Binding) : &wallet->Binding);
    }

    /// <summary>Look ahead for replay: the rows that a fact's first posting names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchFact(byte* payload)
    {
        var header = (FactHeader*)payload;
        if ((header->Flags & FactHeader.Keyed) != 0) _state.Keys.Prefetch(header->KeyLo, header->KeyHi);
        var part = (PartHeader*)(payload + FactHeader.SizeBytes);
        if (part->Postings == 0) return;
        var body = (byte*)part + PartHeader.SizeBytes;
        var posting = (Posting*)(part->Kind switch
        {
            PartKind.Transferred or PartKind.Debited => body,
            PartKind.Reserved => body + sizeof(ReservedBody),
            PartKind.Committed or PartKind.Released or PartKind.ReservationExpired => body + sizeof(ReservationEndedBody),
            PartKind.Credited or PartKind.TransferredInto => body + sizeof(CreditedBody),
            _ => null,
        });
        if (posting == null) return;
        PrefetchAccountRow(posting->DebitAccount);
        PrefetchAccountRow(posting->CreditAccount);
        Prefetch(_state.Lots.Read(posting->DebitLotHandle));
        Prefetch(_state.Lots.Read(posting->CreditLotHandle));
    }

    /// <summary>128 bits over everything that replay must repeat.</summary>
    public UInt128 Digest() => StateDigest.Of(_state);

    /// <summary>Rows of each kind that address space is reserved for; snapshots of another number do not fit.</summary>
    public int RowsMax => _state.RowsMax;

    /// <summary>Every table as it is now: what a snapshot holds.</summary>
    public StateSection[] Sections() => _state.Sections();

    /// <summary>From here on the watcher hears of every write before it is made; the sections of this moment stay where they are until <see cref="Unwatch"/>.</summary>
    public void Watch(IStateWatcher watcher) => _state.Undo.Watch(watcher);

    public void Unwatch() => _state.Undo.Unwatch();

    /// <summary>Where a table of a snapshot is to be read to, in a ledger that has applied nothing yet; null when it was laid out otherwise.</summary>
    public byte* Place(in StateSection stored) => _state.Place(stored);

    /// <summary>After all tables of a snapshot have been read to their places.</summary>
    public void Restored() => _state.Keys.Restored();

    /// <summary>Null when the books hold; else what does not.</summary>
    public string? FindFault() => LedgerAudit.FindFault(_state);

    /// <summary>Looks at accounts in the order of their handles, from one of them on.</summary>
    /// <returns>Rows written; 0 = there are none from there on.</returns>
    public int AuditAccounts(int fromHandle, Span<AccountAuditView> to)
    {
        var rows = Math.Clamp(_state.Accounts.End - fromHandle, 0, to.Length);
        for (var i = 0; i < rows; i++) to[i] = LedgerAudit.Look(_state, fromHandle + i);
        return rows;
    }

    public void Dispose()
    {
        _walks.Dispose();
        _decider.Dispose();
        _state.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PrefetchAccount(uint tag)
    {
        var handle = _state.AccountIndex.Guess(tag);
        PrefetchAccountRow(handle);
        return handle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchAccountRow(int handle)
    {
        var row = (byte*)_state.Accounts.Read(handle);
        Prefetch(unchecked(row + AccountRow.HotOffset));
        Prefetch(unchecked(row + AccountRow.OwnLotOffset));
    }
}
